/** Values of the configuration that stand in the environment. */

const ENVIRONMENT_NAME = /\$\{([A-Z][A-Z0-9_]*)\}/g;

/** Replaces `${NAME}` in every text; a missing variable is a defect, never an empty credential. */
export function fillEnvironment(
  value: unknown,
  place: readonly (string | number)[],
  environment: Readonly<Record<string, string | undefined>>,
  defects: string[],
): unknown {
  if (typeof value === 'string') {
    return value.replace(ENVIRONMENT_NAME, (_, name: string) => {
      const filled = environment[name];
      if (filled !== undefined && filled !== '') return filled;
      defects.push(`${place.join('.')}: the environment variable ${name} is not set`);
      return `unset-${name}`;
    });
  }
  if (Array.isArray(value)) {
    return value.map((item, index) =>
      fillEnvironment(item, [...place, index], environment, defects),
    );
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [
        name,
        fillEnvironment(item, [...place, name], environment, defects),
      ]),
    );
  }
  return value;
}
