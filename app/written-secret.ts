/** Secrets belong to the environment: the configuration names them as `${NAME}`. */

const FROM_ENVIRONMENT = /^\$\{[A-Z][A-Z0-9_]*\}$/;

/** The defect of a secret that stands in the file itself, at `where`; none where it is not set. */
export function writtenSecret(value: unknown, where: string): string[] {
  if (value === undefined) return [];
  if (typeof value === 'string' && FROM_ENVIRONMENT.test(value)) return [];
  return [`${where}: expected \${NAME} of an environment variable, not the secret itself`];
}
