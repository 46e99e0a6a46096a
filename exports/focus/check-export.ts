/** Holds an export to FOCUS: the declared columns, and the rules across columns and datasets. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { z } from 'zod';
import { UsageError } from '../../foundation/errors.ts';
import { CHARGE_RULES } from './charge-rules.ts';
import {
  checkedTable,
  type RowRule,
  type RuleResult,
  type RuleState,
  type SetRule,
} from './check-rule.ts';
import { columnRules } from './column-rules.ts';
import { type DatasetId, datasetsOf, declaredColumns, type FocusColumn } from './columns.ts';
import { COST_AND_USAGE_RULES } from './cost-and-usage-rules.ts';
import { ROW_RULES, SET_RULES } from './dataset-rules.ts';
import { headerRules } from './header-rules.ts';
import { type ExportDescription, type ExportedFile, exportDescriptionSchema } from './metadata.ts';
import { createReaders, type ReadFile, readDataset } from './read-export.ts';
import { CURRENCIES, readTable } from './tables.ts';

const EXAMPLES_SHOWN = 3;

export interface CheckedExport {
  readonly metadataFile: string;
  readonly month: string;
  readonly version: string;
  readonly format: string;
  readonly results: readonly RuleResult[];
}

/** Every export in the folder. Throws UsageError when it holds none, or one that cannot be read. */
export async function checkFolder(pool: pg.Pool, folder: string): Promise<CheckedExport[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw new UsageError(`cannot read the folder ${folder}`, { cause: error });
  });
  const found = names.filter((name) => /^focus-.*-metadata\.json$/.test(name)).sort();
  if (found.length === 0) {
    throw new UsageError(`${folder} holds no FOCUS export (focus-…-metadata.json)`);
  }
  const exports: CheckedExport[] = [];
  for (const name of found) exports.push(await checkExport(pool, path.join(folder, name)));
  return exports;
}

async function checkExport(pool: pg.Pool, metadataFile: string): Promise<CheckedExport> {
  const description = await readDescription(metadataFile);
  const connection = await pool.connect();
  try {
    await connection.query('begin');
    await createReaders(connection);
    await createLookUps(connection, description);
    const results = await checkFiles(connection, description, path.dirname(metadataFile));
    const { month, version, format } = description;
    return { metadataFile, month, version, format, results };
  } finally {
    await connection.query('rollback').finally(() => connection.release());
  }
}

async function readDescription(metadataFile: string): Promise<ExportDescription> {
  const parsed = z
    .string()
    .transform(parseJson)
    .pipe(z.object({ x_Export: exportDescriptionSchema }))
    .safeParse(await readFile(metadataFile, 'utf8'));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = [...(issue?.path ?? []), ''].join('.').replace(/\.$/, ': ');
    throw new UsageError(`${metadataFile} describes no export: ${where}${issue?.message}`);
  }
  return parsed.data.x_Export;
}

function parseJson(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    context.addIssue({ code: 'custom', message: 'it is no JSON' });
    return z.NEVER;
  }
}

async function createLookUps(
  connection: pg.ClientBase,
  { month, totals }: ExportDescription,
): Promise<void> {
  const tables: readonly [string, readonly unknown[]][] = [
    [
      'focus_currency as select code, decimals::integer from json_to_recordset($1) as (code text, decimals text)',
      CURRENCIES,
    ],
    [
      'focus_subcategory as select * from json_to_recordset($1) as (category text, subcategory text)',
      readTable('subcategories'),
    ],
    [
      'focus_total as select billing_account as account, billing_currency as currency, billed_cost as billed, effective_cost as effective from json_to_recordset($1) as (billing_account text, billing_currency text, billed_cost numeric, effective_cost numeric)',
      totals,
    ],
    [
      `focus_export as select starts_at at time zone 'UTC' as starts_at, (starts_at + interval '1 month') at time zone 'UTC' as ends_at from json_to_recordset($1) as (starts_at timestamp)`,
      [{ starts_at: `${month}-01` }],
    ],
  ];
  for (const [definition, rows] of tables) {
    const literal = connection.escapeLiteral(JSON.stringify(rows));
    await connection.query(`create temporary table ${definition.replace('$1', literal)}`);
  }
}

async function checkFiles(
  connection: pg.ClientBase,
  description: ExportDescription,
  folder: string,
): Promise<RuleResult[]> {
  const results: RuleResult[] = [];
  const read = new Map<DatasetId, readonly string[]>();
  for (const dataset of datasetsOf(description.version)) {
    const id = `${dataset}-file`;
    const says = 'the file is there and every row can be read';
    const named = description.files.find((file) => file.dataset === dataset);
    if (named === undefined) {
      results.push(result(id, says, 'the metadata names no file'));
      continue;
    }
    const file = path.join(folder, named.name);
    const declared = declaredColumns(dataset, description.version);
    const content = await tryToRead(connection, dataset, file, declared);
    if ('problem' in content) {
      results.push(result(id, says, content.problem));
      continue;
    }
    read.set(dataset, content.columns);
    results.push(
      result(id, says, []),
      await compareWithMetadata(file, content, named),
      ...headerRules(dataset, declared, content),
      ...(await checkRows(connection, dataset, declared, content.columns)),
    );
  }
  for (const rule of [...CHARGE_RULES, ...SET_RULES]) {
    results.push(await checkSet(connection, rule, read));
  }
  return results;
}

async function compareWithMetadata(
  file: string,
  content: ReadFile,
  named: ExportedFile,
): Promise<RuleResult> {
  const sha256 = await sha256Of(file);
  return result(`${named.dataset}-unchanged`, 'rows and SHA-256 are those of the metadata', [
    ...(content.rows === named.rows ? [] : [`${content.rows} rows, not ${named.rows}`]),
    ...(sha256 === named.sha256 ? [] : [`SHA-256 ${sha256}`]),
  ]);
}

async function tryToRead(
  connection: pg.ClientBase,
  dataset: DatasetId,
  file: string,
  declared: readonly FocusColumn[],
): Promise<ReadFile | { readonly problem: string }> {
  await connection.query('savepoint reading');
  try {
    return await readDataset(connection, dataset, file, declared);
  } catch (error) {
    // Whatever keeps the file from being read is the finding; the rule fails with it.
    await connection.query('rollback to savepoint reading');
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** All rules of one dataset in one pass; the offending rows are looked up for rules that fail. */
async function checkRows(
  connection: pg.ClientBase,
  dataset: DatasetId,
  declared: readonly FocusColumn[],
  columns: readonly string[],
): Promise<RuleResult[]> {
  const rules = [
    ...columnRules(dataset, declared),
    ...[...COST_AND_USAGE_RULES, ...ROW_RULES].filter((rule) => rule.dataset === dataset),
  ];
  const applied = rules.filter(({ needs }) => needs.every((name) => columns.includes(name)));
  const counts = applied.map(
    ({ broken }, index) => `count(*) filter (where ${broken}) as r${index}`,
  );
  const table = checkedTable(dataset);
  const { rows } = await connection.query<Record<string, number>>(
    `select ${counts.join(', ')} from ${table}`,
  );
  const results: RuleResult[] = [];
  for (const rule of rules) {
    const index = applied.indexOf(rule);
    if (index === -1) {
      results.push(notApplicable(rule.id, rule.says, missing(rule.needs, declared, columns)));
      continue;
    }
    const offenders = rows[0]?.[`r${index}`] ?? 0;
    const examples = offenders === 0 ? [] : await firstRows(connection, table, rule);
    results.push({ ...result(rule.id, rule.says, examples), offenders });
  }
  return results;
}

async function firstRows(
  connection: pg.ClientBase,
  table: string,
  { broken, needs }: RowRule,
): Promise<string[]> {
  const values = needs.map((name) => `'${name}=' || coalesce("${name}:text", 'null')`).join(', ');
  const { rows } = await connection.query<{ example: string }>(
    `select format('row %s: %s', line, concat_ws(', ', ${values})) as example
     from ${table} where ${broken} order by line limit ${EXAMPLES_SHOWN}`,
  );
  return rows.map(({ example }) => example);
}

async function checkSet(
  connection: pg.ClientBase,
  rule: SetRule,
  read: ReadonlyMap<DatasetId, readonly string[]>,
): Promise<RuleResult> {
  for (const [dataset, needs] of Object.entries(rule.needs) as [DatasetId, readonly string[]][]) {
    const columns = read.get(dataset);
    if (columns === undefined) return notApplicable(rule.id, rule.says, `no ${dataset} here`);
    const lacking = needs.filter((name) => !columns.includes(name));
    if (lacking.length > 0) return notApplicable(rule.id, rule.says, `no ${lacking.join(', ')}`);
  }
  const { rows } = await connection.query<{ example: string }>(
    `select example from (${rule.offenders}) as offender (example) order by example`,
  );
  const examples = rows.slice(0, EXAMPLES_SHOWN).map(({ example }) => example);
  return { ...result(rule.id, rule.says, examples), offenders: rows.length };
}

function missing(
  needs: readonly string[],
  declared: readonly FocusColumn[],
  columns: readonly string[],
): string {
  const lacking = needs.filter((name) => !columns.includes(name));
  const reasons = lacking.map((name) => {
    const column = declared.find((candidate) => candidate.name === name);
    if (column === undefined) return `${name} is not in this version`;
    return column.leftOutBecause === '' ? `no ${name}` : column.leftOutBecause;
  });
  return [...new Set(reasons)].join(', ');
}

/** Passes when there is nothing to say against it. */
export function result(id: string, says: string, problems: string | readonly string[]): RuleResult {
  const examples = typeof problems === 'string' ? [problems] : problems;
  const state: RuleState = examples.length === 0 ? 'pass' : 'fail';
  return { id, says, state, offenders: examples.length, examples };
}

function notApplicable(id: string, says: string, why: string): RuleResult {
  return { id, says, state: 'not applicable', offenders: 0, examples: [why] };
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
