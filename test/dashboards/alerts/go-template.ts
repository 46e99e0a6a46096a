/** The few forms of Go's templates that the texts of our rules use, expanded as Grafana does. */

const CONDITIONAL = /^\{\{ if \.Values \}\}(.*)\{\{ else \}\}(.*)\{\{ end \}\}$/s;
const LABEL = /\{\{ \.Labels\.([a-z_]+) \}\}/g;
const VALUE = /\{\{ printf "%\.(\d)f" \.Values\.A\.Value \}\}/g;

/** `value` null: the rule has none (no data, or an error). Throws on any other form, and on unknown labels. */
export function expandTemplate(
  template: string,
  labels: Readonly<Record<string, string>>,
  value: string | null,
): string {
  const branches = CONDITIONAL.exec(template);
  if (branches === null) throw new Error(`not "if .Values … else … end": ${template}`);
  const branch = (value === null ? branches[2] : branches[1]) ?? '';
  const expanded = branch
    .replaceAll(LABEL, (_, name: string) => {
      const label = labels[name];
      if (label === undefined) throw new Error(`no label ${name}`);
      return label;
    })
    .replaceAll(VALUE, (_, decimals: string) => Number(value).toFixed(Number(decimals)));
  if (expanded.includes('{{')) throw new Error(`an unknown form is left: ${expanded}`);
  return expanded;
}
