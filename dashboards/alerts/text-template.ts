/** Turns the texts of rules into Go templates as Grafana expands them. */
import type { Rule } from './rule.ts';

const PLACEHOLDER = /\{([a-z_]+)\}/g;

/**
 * `.Labels` and `.Values` instead of `$labels` and `$values`: a dollar is a variable of the
 * environment in provisioning files, and versions differ in where. Without a value (no row,
 * or an error) the text says so and shows no zero. Throws on a name that is no label.
 */
export function textTemplate(rule: Rule, text: string, withoutValue: string): string {
  const filled = text.replaceAll(PLACEHOLDER, (_, name: string) => {
    if (name === 'value') return `{{ printf "%.${rule.decimals}f" .Values.A.Value }}`;
    if (rule.labels.includes(name)) return `{{ .Labels.${name} }}`;
    throw new Error(`rule ${rule.uid} has no label "${name}"`);
  });
  return `{{ if .Values }}${filled}{{ else }}${withoutValue}{{ end }}`;
}
