/** The claims in `checks/`, and the reconciliation: what is wrong, and with which rows. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { runStep } from '../../foundation/sql/statements.ts';
import { attempt } from '../set-aside/contain.ts';

const FOLDER = import.meta.dirname;
const FIRST_LINE = /^-- (Claim|Notice): (.+)$/;
/** Offending rows that are kept as examples. */
const EXAMPLES_MAX = 5;

export interface Check {
  /** The file's name: `facts_equal_ledger`. */
  readonly name: string;
  /** A claim must hold; a notice is shown and fails nothing. */
  readonly kind: 'claim' | 'notice';
  /** What is claimed, in a sentence. */
  readonly sentence: string;
  readonly query: string;
}

export interface CheckResult {
  readonly name: string;
  readonly kind: 'claim' | 'notice';
  readonly sentence: string;
  /** How many rows break it. */
  readonly offenders: number;
  /** The first of them, as the query gave them. */
  readonly examples: readonly Record<string, unknown>[];
}

/** Throws when a file does not begin with its claim. */
export async function readChecks(): Promise<Check[]> {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.sql')).sort();
  return Promise.all(
    files.map(async (file): Promise<Check> => {
      const query = (await readFile(path.join(FOLDER, file), 'utf8')).trim();
      const lines = query.split('\n');
      const match = FIRST_LINE.exec(lines[0] ?? '');
      if (match === null) throw new Error(`${file} does not begin with its claim`);
      const more = lines.slice(
        1,
        lines.findIndex((line) => !line.startsWith('--')),
      );
      return {
        name: file.slice(0, -'.sql'.length),
        kind: match[1] === 'Claim' ? 'claim' : 'notice',
        sentence: [match[2], ...more.map((line) => line.slice('-- '.length))].join(' '),
        query,
      };
    }),
  );
}

/** Runs all of them, in a transaction. One whose SQL fails is failed, with the reason as its example. */
export async function runChecks(connection: pg.ClientBase): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of await readChecks()) {
    const fault = await attempt(connection, async () => {
      results.push(await runCheck(connection, check));
    });
    if (fault === null) continue;
    const { name, sentence } = check;
    const examples = [{ cannot_be_run: fault.reason }];
    results.push({ name, kind: 'claim', sentence, offenders: 1, examples });
  }
  return results;
}

export async function runCheck(connection: pg.ClientBase, check: Check): Promise<CheckResult> {
  const { rows } = await connection.query<{ offenders: number; examples: CheckResult['examples'] }>(
    `with offender as (${check.query})
     select (select count(*) from offender) as offenders,
       coalesce(
         (select jsonb_agg(to_jsonb(example)) from (select * from offender limit ${EXAMPLES_MAX}) as example),
         '[]'
       ) as examples`,
  );
  const { name, kind, sentence } = check;
  return {
    name,
    kind,
    sentence,
    offenders: rows[0]?.offenders ?? 0,
    examples: rows[0]?.examples ?? [],
  };
}

/** Makes `mart.reconciliation` what the comparisons say now. */
export async function refreshReconciliation(
  connection: pg.ClientBase,
  nowMs: number,
): Promise<void> {
  await connection.query('truncate mart.reconciliation');
  await runStep(connection, 'transforms/marts/reconciliation/refresh/store_reconciliation', {
    now: new Date(nowMs),
  });
}
