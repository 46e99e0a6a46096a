/** One job of the chargeback benchmark, in a process of its own; the result is JSON on stdout. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { openDatabase } from '../app/database.ts';
import { LINE_COLUMNS } from '../exports/chargeback/columns.ts';
import { csvSelectList } from '../exports/formats/column.ts';

export interface BenchJob {
  /** A writer, or the whole command with CSV files. */
  readonly kind: 'csv' | 'arrow' | 'parquet' | 'command';
  readonly month?: string;
  readonly url: string;
  readonly folder: string;
}

export interface BenchResult {
  readonly ms: number;
  readonly rows: number;
  readonly peakMebibytes: number;
}

const LINES = 'from public.bench_line order by line';

async function writeRows(pool: pg.Pool, job: BenchJob): Promise<number> {
  if (job.kind === 'command') return writeCommand(pool, job);
  const connection = await pool.connect();
  const file = path.join(job.folder, `lines.${job.kind}`);
  try {
    const { rows } = await WRITERS[job.kind](connection, file);
    return rows;
  } finally {
    connection.release();
  }
}

/** Each loads what it needs, as the command does. */
const WRITERS = {
  csv: async (connection: pg.PoolClient, file: string) => {
    const { writeCsv } = await import('../exports/formats/write-csv.ts');
    return writeCsv(connection, `select ${csvSelectList(LINE_COLUMNS)} ${LINES}`, file);
  },
  arrow: async (connection: pg.PoolClient, file: string) => {
    const { writeArrow } = await import('../exports/formats/write-arrow.ts');
    return writeArrow(connection, LINE_COLUMNS, LINES, file);
  },
  parquet: async (connection: pg.PoolClient, file: string) => {
    const { writeParquet } = await import('../exports/formats/write-parquet.ts');
    return writeParquet(connection, LINE_COLUMNS, LINES, file);
  },
};

async function writeCommand(pool: pg.Pool, { month = '', folder }: BenchJob): Promise<number> {
  const { Knowledge } = await import('../app/knowledge.ts');
  const { monthRange } = await import('../foundation/months.ts');
  const { writeChargeback } = await import('../exports/chargeback/write-chargeback.ts');
  const knowledge = await Knowledge.of(null, monthRange(month));
  const { files } = await writeChargeback(pool, {
    month,
    folder,
    reportingCurrency: 'USD',
    formats: ['csv'],
    resolve: (text) => knowledge.resolve(text),
  });
  return files[0]?.rows ?? 0;
}

const job: BenchJob = JSON.parse(process.env.BENCH_JOB ?? '{}');
await mkdir(job.folder, { recursive: true });
const database = await openDatabase({ kind: 'url', url: job.url }, 1);
const startedMs = performance.now();
const rows = await writeRows(database.pool, job);
const ms = performance.now() - startedMs;
await database.close();
const peakMebibytes = Math.round(process.resourceUsage().maxRSS / 1024);
process.stdout.write(JSON.stringify({ ms, rows, peakMebibytes } satisfies BenchResult));
