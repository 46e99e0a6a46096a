/**
 * A rule as Grafana evaluates it, from the provisioning file: its SQL on a database, its own math
 * expression on each row, its own texts with the row's labels and value.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type pg from 'pg';
import { parse } from 'yaml';
import { expandTemplate } from './go-template.ts';
import { AlertingFileSchema, type ProvisionedRule } from './provisioning-schema.ts';

const FOLDER = path.join(import.meta.dirname, '../../../dashboards/provisioning/alerting');

/** Type oids of PostgreSQL that Grafana's data source reads as numbers and as texts. */
const NUMERIC_TYPES = new Set([20, 21, 23, 700, 701, 1700]);
const TEXT_TYPES = new Set([25, 1043]);

export interface Instance {
  readonly labels: Readonly<Record<string, string>>;
  /** Exact decimal. */
  readonly value: string;
  readonly fires: boolean;
  readonly summary: string;
  readonly description: string;
}

export function provisioned(file: string): unknown {
  return parse(readFileSync(path.join(FOLDER, file), 'utf8'));
}

let rulesRead: readonly ProvisionedRule[] | null = null;

/** All rules of the provisioning file, read once. */
export function provisionedRules(): readonly ProvisionedRule[] {
  rulesRead ??= (AlertingFileSchema.parse(provisioned('rules.yaml')).groups ?? []).flatMap(
    ({ rules }) => rules,
  );
  return rulesRead;
}

/** Every instance of a rule. Throws where Grafana would: other columns, labels twice. */
export async function evaluate(connection: pg.ClientBase, uid: string): Promise<Instance[]> {
  const rule = provisionedRules().find((candidate) => candidate.uid === uid);
  if (rule === undefined) throw new Error(`there is no rule ${uid}`);
  const [query, condition] = rule.data;
  const rows = await table(connection, String(query?.model.rawSql));
  const { comparison, threshold } = comparisonOf(String(condition?.model.expression));
  const { rows: compared } = await connection.query<{ fires: boolean }>(
    `select value::numeric ${comparison} $2::numeric as fires
     from unnest($1::text[]) with ordinality as row (value, place) order by place`,
    [rows.map(({ value }) => value), threshold],
  );
  return rows.map(({ labels, value }, index) => ({
    labels,
    value,
    fires: compared[index]?.fires === true,
    summary: expandTemplate(rule.annotations.summary, labels, value),
    description: expandTemplate(rule.annotations.description, labels, value),
  }));
}

/** The summaries of what fires, in order. */
export async function firing(connection: pg.ClientBase, uid: string): Promise<string[]> {
  const instances = await evaluate(connection, uid);
  return instances
    .filter(({ fires }) => fires)
    .map(({ summary }) => summary)
    .sort();
}

async function table(
  connection: pg.ClientBase,
  sql: string,
): Promise<{ labels: Record<string, string>; value: string }[]> {
  const { rows, fields } = await connection.query(sql);
  const numbers = fields.filter(({ dataTypeID }) => NUMERIC_TYPES.has(dataTypeID));
  const texts = fields.filter(({ dataTypeID }) => TEXT_TYPES.has(dataTypeID));
  if (numbers.length !== 1 || texts.length + 1 !== fields.length) {
    throw new Error(`not texts and one number: ${fields.map(({ name }) => name).join(', ')}`);
  }
  const instances = rows.map((row: Record<string, unknown>) => ({
    labels: Object.fromEntries(texts.map(({ name }) => [name, textOf(row[name])])),
    value: textOf(row[numbers[0]?.name ?? '']),
  }));
  if (new Set(instances.map(({ labels }) => JSON.stringify(labels))).size !== instances.length) {
    throw new Error('two rows have the same labels');
  }
  return instances;
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) throw new Error('a label or value is null');
  return String(value);
}

function comparisonOf(expression: string): { comparison: string; threshold: string } {
  const match = /^\$A (>=|>|<) (\d+(?:\.\d+)?)$/.exec(expression);
  if (match === null) throw new Error(`not a comparison of A: ${expression}`);
  return { comparison: match[1] ?? '', threshold: match[2] ?? '' };
}
