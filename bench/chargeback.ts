/**
 * How fast, and in how much memory, do chargeback lines become files? Each format is written by a
 * process of its own from a table of finished lines, so that no query hides the writer; the baseline
 * is psql's `\copy` of the same rows in the same run. Then the whole command against `\copy` of the
 * query that makes the lines.
 */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { Knowledge } from '../app/knowledge.ts';
import { LINE_COLUMNS } from '../exports/chargeback/columns.ts';
import { csvSelectList } from '../exports/formats/column.ts';
import { monthRange } from '../foundation/months.ts';
import { sqlText } from '../foundation/sql/sql-file.ts';
import type { BenchJob, BenchResult } from './chargeback-writer.ts';
import { type Bench, freshWarehouse, spread, timed } from './measure.ts';

const LINES = 1_000_000;
const MORE_LINES = 4_000_000;
const ROUNDS = 3;
const DATABASE = 'bench_chargeback';
const MONTH = '2026-10';
const ROWS = `select ${csvSelectList(LINE_COLUMNS)} from public.bench_line order by line`;

/** Rows per second as a ratio to psql, and peak memory of the process. */
const TARGETS = {
  csv: { ratio: '0.80', mebibytes: 150 },
  arrow: { ratio: '0.70', mebibytes: 500 },
  parquet: { ratio: '0.40', mebibytes: 500 },
} as const;
const FORMATS = Object.keys(TARGETS) as (keyof typeof TARGETS)[];

const run = promisify(execFile);

export async function benchChargeback(bench: Bench): Promise<void> {
  const { pool, close } = await freshWarehouse(bench, DATABASE);
  try {
    await plantMonth(pool);
    const query = await textOfLines();
    await pool.query(`create unlogged table public.bench_line as ${query}`);
    await finishLines(pool);
    await compareCommand(bench, query);
    const peaks = await compareWriters(bench);
    await multiplyLines(pool);
    for (const [index, format] of FORMATS.entries()) {
      const { peakMebibytes } = await inProcess(bench, { kind: format });
      bench.print(
        `${format}: peak memory ${peaks[index]} MiB at ${LINES} lines, ${peakMebibytes} MiB at ${MORE_LINES}; target under ${TARGETS[format].mebibytes}`,
      );
    }
  } finally {
    await close();
  }
}

/** Prints the writers' ratios; returns the highest peak memory of each, MiB. */
async function compareWriters(bench: Bench): Promise<number[]> {
  const ratios = FORMATS.map((): number[] => []);
  const rates = FORMATS.map((): number[] => []);
  const peaks = FORMATS.map(() => 0);
  for (let round = 1; round <= ROUNDS; round += 1) {
    const baselineMs = await psqlCopy(bench, ROWS);
    for (const [index, kind] of FORMATS.entries()) {
      const { ms, rows, peakMebibytes } = await inProcess(bench, { kind });
      if (rows !== LINES) throw new Error(`${kind}: ${rows} rows`);
      ratios[index]?.push(baselineMs / ms);
      rates[index]?.push(LINES / (ms / 1000));
      peaks[index] = Math.max(peaks[index] ?? 0, peakMebibytes);
    }
  }
  for (const [index, format] of FORMATS.entries()) {
    bench.print(
      `${format}: ${spread(rates[index] ?? [], 0)} lines/s; speed as a ratio to psql \\copy: ${spread(ratios[index] ?? [])}; target at least ${TARGETS[format].ratio}`,
    );
  }
  return peaks;
}

async function compareCommand(bench: Bench, query: string): Promise<void> {
  const baselineMs = await psqlCopy(bench, query);
  const { ms, rows, peakMebibytes } = await inProcess(bench, { kind: 'command', month: MONTH });
  if (rows !== LINES) throw new Error(`the command wrote ${rows} lines`);
  bench.print(
    `chargeback --format csv (lines, teams, journal, manifest) of ${LINES} lines: speed as a ratio to psql \\copy of the lines' query alone: ${(baselineMs / ms).toFixed(2)} (n=1); peak memory ${peakMebibytes} MiB`,
  );
}

/** Wall time of psql writing the query's rows to a CSV file, milliseconds. */
async function psqlCopy(bench: Bench, query: string): Promise<number> {
  const file = path.join(bench.folder, 'psql.csv');
  const command = `\\copy (${query.replaceAll(/--.*$/gm, '').replaceAll(/\s+/g, ' ')}) to '${file}' with (format csv, header)`;
  const url = bench.server.url(DATABASE);
  return timed(() => run('psql', ['--no-psqlrc', '--quiet', '--command', command, url]));
}

/** Does the job in a fresh process, so that its peak memory is its own. */
async function inProcess(
  bench: Bench,
  job: Pick<BenchJob, 'kind' | 'month'>,
): Promise<BenchResult> {
  const whole: BenchJob = {
    ...job,
    url: bench.server.url(DATABASE),
    folder: path.join(bench.folder, 'chargeback'),
  };
  const { stdout } = await run(
    process.execPath,
    [path.join(import.meta.dirname, 'chargeback-writer.ts')],
    { env: { ...process.env, BENCH_JOB: JSON.stringify(whole) } },
  );
  return JSON.parse(stdout);
}

/** A closed month in which each of a million resources has one cost, of one of 50 teams. */
async function plantMonth(pool: pg.Pool): Promise<void> {
  await pool.query(
    `do $$ begin
       execute (select 'alter table ledger.closed_cost drop constraint ' || quote_ident(conname)
         from pg_constraint where conrelid = 'ledger.closed_cost'::regclass and contype = 'u');
     end $$`,
  );
  await pool.query(
    `insert into ledger.closed_month
     values ('${MONTH}-01', '2026-11-02', null, 'USD', false, '[]')`,
  );
  await pool.query(
    `insert into ledger.closed_cost
     select '${MONTH}-01', 'bench', md5(n::text)::uuid::text, 'server-hours',
       date '${MONTH}-01' + n % 31, 'EUR', 'i3d-flexmetal', 'FlexMetal', 'Server', 'server-' || n,
       'bm7.std.8', '18', 'EU: Rotterdam', 'team-' || n % 50, 'project-' || n % 7, 'prod',
       'cc-' || n % 50, '{}', 'team-tag', false, null, hours, hours, 0, cost, cost, cost, cost,
       round(cost * 1.1634, 9), 0, 0, 0
     from generate_series(1, ${LINES}) as n
     cross join lateral (select 744 - n % 100 as hours) as used
     cross join lateral (select round(hours * 0.245123456, 9) as cost) as priced`,
  );
  await pool.query('vacuum analyze ledger.closed_cost');
}

/** The query that makes the lines, with its values in place: psql's \\copy takes no parameters. */
async function textOfLines(): Promise<string> {
  const knowledge = await Knowledge.of(null, monthRange(MONTH));
  const { text, parameters } = knowledge.resolve(await sqlText('exports/chargeback/lines'));
  const values = { ...parameters, month: MONTH, reporting_currency: 'USD' };
  return Object.entries(values).reduce(
    (query, [name, value]) => query.replaceAll(`:'${name}'`, pg.escapeLiteral(value)),
    text,
  );
}

async function multiplyLines(pool: pg.Pool): Promise<void> {
  const others = LINE_COLUMNS.slice(1).map(({ name }) => name);
  await pool.query(
    `insert into public.bench_line
     select line + ${LINES} * copy, ${others.join(', ')}
     from public.bench_line cross join generate_series(1, ${MORE_LINES / LINES - 1}) as copy`,
  );
  await finishLines(pool);
}

async function finishLines(pool: pg.Pool): Promise<void> {
  await pool.query('create unique index if not exists line_number on public.bench_line (line)');
  await pool.query('vacuum analyze public.bench_line');
  await pool.query('checkpoint');
}
