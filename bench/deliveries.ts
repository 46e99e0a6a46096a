/**
 * Importing a FOCUS file of a million charges, against the server's own ceiling (COPY of the same records, the
 * same upsert) and against a plain table of texts that keeps no versions; then the same period delivered again
 * with one row in a hundred changed. METERHOUSE_BENCH_ROWS takes another number of rows.
 */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { chmod, mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import type pg from 'pg';
import { FILE_LIMITS } from '../collectors/files/file-source.ts';
import { FolderSource } from '../collectors/files/folder-source.ts';
import { COPY_INCOMING, copyTexts } from '../collectors/files/land-delivery.ts';
import { runDeliveries } from '../collectors/files/run-deliveries.ts';
import { FOCUS_COLUMNS } from '../collectors/focus/columns.ts';
import { costAndUsage } from '../collectors/focus/cost-and-usage.ts';
import { prepareIncoming } from '../collectors/incoming.ts';
import { PRODUCTS } from '../collectors/registry.ts';
import { applySweep } from '../collectors/sweep-functions.ts';
import { runTransform } from '../transforms/ledger/run-transform.ts';
import { readManifest } from '../transforms/manifest.ts';
import { type Bench, freshWarehouse, spread, timed } from './measure.ts';

const ROWS = Number(process.env.METERHOUSE_BENCH_ROWS ?? 1_000_000);
const ROUNDS = ROWS > 300_000 ? 1 : 3;
const CHANGED_ONE_IN = 100;
const SAMPLE = path.resolve(import.meta.dirname, '../test/fixtures/focus/focus-1.0-sample.csv.gz');

export async function benchDeliveries(bench: Bench): Promise<void> {
  const folder = path.join(bench.folder, 'deliveries');
  await mkdir(folder, { recursive: true });
  await chmod(bench.folder, 0o755);
  const file = path.join(folder, 'focus-2024-09.csv');
  const sample = await readSample();
  const ratios: number[] = [];
  const plainRatios: number[] = [];
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await writeDelivery(file, sample, 0);
    const baselineMs = await sameUpsert(bench, file);
    const plainMs = await plainTable(bench, file, sample[0] ?? []);
    const warehouse = await freshWarehouse(bench, 'bench_deliveries');
    try {
      const importMs = await timed(() => imported(warehouse.pool, folder, 1, ROWS));
      ratios.push(baselineMs / importMs);
      plainRatios.push(plainMs / importMs);
      rates.push(ROWS / (importMs / 1000));
      if (round === ROUNDS - 1) await redelivered(bench, warehouse.pool, folder, file, sample);
    } finally {
      await warehouse.close();
    }
  }
  bench.print(`${ROWS} rows imported: ${spread(rates, 0)} rows/s`);
  bench.print(
    `speed as a ratio to COPY plus the same upsert: ${spread(ratios)}; target at least 0.50`,
  );
  bench.print(`to COPY plus an upsert into a plain table of texts: ${spread(plainRatios)}`);
}

/** The rest of the way, and the period once more with changes. */
async function redelivered(
  bench: Bench,
  pool: pg.Pool,
  folder: string,
  file: string,
  sample: readonly string[][],
): Promise<void> {
  const firstMs = await timed(() => transformed(pool, 1));
  await writeDelivery(file, sample, CHANGED_ONE_IN);
  const changed = ROWS / CHANGED_ONE_IN;
  const againMs = await timed(() => imported(pool, folder, 2, changed));
  const againPostedMs = await timed(() => transformed(pool, 2));
  const { rows } = await pool.query<{ reversed: number; posted: number }>(
    `select count(*) filter (where entry = 'reversal')::integer as reversed,
       count(*) filter (where entry = 'charge')::integer as posted
     from ledger.charge
     where run_id = (select max(run_id) from ledger.run) and meter <> 'rounding'`,
  );
  const { reversed, posted } = rows[0] ?? { reversed: 0, posted: 0 };
  bench.print(`the ledger of all rows: ${seconds(firstMs)} s`);
  bench.print(
    `delivered again with ${changed} rows changed: imported in ${seconds(againMs)} s, posted in ${seconds(againPostedMs)} s; ${reversed} reversed, ${posted} posted`,
  );
  if (reversed !== changed || posted !== changed) throw new Error('more was touched than changed');
}

async function imported(
  pool: pg.Pool,
  folder: string,
  hour: number,
  touched: number,
): Promise<void> {
  const results = await runDeliveries(pool, {
    accountId: 'bench',
    stream: costAndUsage,
    source: new FolderSource('bench', pathToFileURL(folder).href, FILE_LIMITS),
    nowMs: Date.UTC(2024, 9, 1, hour),
  });
  const landed = results?.[0]?.landed;
  const { recordsNew = 0, recordsChanged = 0 } = landed ?? {};
  // Sums and the report of the file are records, too: fewer than a thousand.
  const difference = recordsNew + recordsChanged - touched;
  if (difference < 0 || difference > 1_000)
    throw new Error(`${recordsNew} new, ${recordsChanged} changed`);
}

async function transformed(pool: pg.Pool, hour: number): Promise<void> {
  await runTransform(pool, {
    manifest: await readManifest(PRODUCTS),
    reference: { rates: [], contracts: [], exchangeRates: [] },
    reportingCurrency: 'USD',
    nowMs: Date.UTC(2024, 9, 1, hour, 30),
  });
}

/**
 * The server's own ceiling for the same landing: COPY of the same records from a file on the server, applied
 * by the same function.
 */
async function sameUpsert(bench: Bench, file: string): Promise<number> {
  const lines = path.join(bench.folder, 'incoming.txt');
  const { files: records } = costAndUsage;
  const loading = {
    records,
    limits: FILE_LIMITS,
    signal: undefined,
    unknownFields: new Set<string>(),
    rows: 0,
  };
  const delivered = [{ path: 'focus-2024-09.csv', file }];
  await pipeline(Readable.from(copyTexts(delivered, loading)), createWriteStream(lines));
  const warehouse = await freshWarehouse(bench, 'bench_copy');
  const client = await warehouse.pool.connect();
  const read = {
    identity: {
      accountId: 'bench',
      stream: costAndUsage,
      slice: { name: 'focus-2024-09' },
      startedAtMs: Date.UTC(2024, 9, 1, 1),
    },
    cost: { counters: { requests: 0, retries: 0 }, durationMs: 0 },
    pages: 1,
    pagesHash: Buffer.from('bench'),
  };
  try {
    await client.query('checkpoint');
    return await timed(async () => {
      await client.query('begin');
      await prepareIncoming(client);
      await client.query(COPY_INCOMING.replace('stdin', `'${lines}'`));
      await client.query('analyze pg_temp.incoming');
      await applySweep(client, read, []);
      await client.query('commit');
    });
  } finally {
    client.release();
    await warehouse.close();
    await rm(lines);
  }
}

/** COPY into a table of texts, and an upsert into one with a key of the columns that name a charge. */
async function plainTable(bench: Bench, file: string, header: readonly string[]): Promise<number> {
  const warehouse = await freshWarehouse(bench, 'bench_copy');
  const columns = header.map((name) => `"${name}"`);
  const identity = header
    .filter((name) => FOCUS_COLUMNS[name]?.isIdentity === true)
    .map((name) => `"${name}"`);
  try {
    await warehouse.pool.query(
      `create table charge (key bytea primary key, ${columns.map((name) => `${name} text`).join(', ')})`,
    );
    const client = await warehouse.pool.connect();
    try {
      await client.query('checkpoint');
      return await timed(async () => {
        await client.query('begin');
        await client.query(
          `create temporary table delivered (${columns.map((name) => `${name} text`).join(', ')}) on commit drop`,
        );
        await client.query(`copy delivered from '${file}' (format csv, header, null 'NULL')`);
        await client.query(
          `insert into charge (key, ${columns.join(', ')})
           select sha256(convert_to(concat_ws('|', ${identity.join(', ')}), 'UTF8')), ${columns.join(', ')}
           from delivered
           on conflict (key) do update
             set (${columns.join(', ')}) = row(${columns.map((name) => `excluded.${name}`).join(', ')})
             where row(${columns.map((name) => `charge.${name}`).join(', ')})
               is distinct from row(${columns.map((name) => `excluded.${name}`).join(', ')})`,
        );
        await client.query('commit');
      });
    } finally {
      client.release();
    }
  } finally {
    await warehouse.close();
  }
}

async function readSample(): Promise<string[][]> {
  return parse(gunzipSync(await readFile(SAMPLE)));
}

/** The sample's rows over and over, each time of other resources; `changedOneIn`: with another cost. */
async function writeDelivery(
  file: string,
  [header = [], ...rows]: readonly string[][],
  changedOneIn: number,
): Promise<void> {
  const [resource, billed] = [header.indexOf('ResourceId'), header.indexOf('BilledCost')];
  const stream = createWriteStream(file);
  stream.write(`${header.join(',')}\n`);
  for (let index = 0; index < ROWS; index += 1) {
    const row = [...(rows[index % rows.length] ?? [])];
    row[resource] = `${row[resource]}-${Math.floor(index / rows.length)}`;
    if (changedOneIn > 0 && index % changedOneIn === 0) row[billed] = `${index}.5`;
    if (!stream.write(`${row.map(cell).join(',')}\n`)) await once(stream, 'drain');
  }
  stream.end();
  await finished(stream);
}

function cell(value: string): string {
  return value === 'NULL' ? value : `"${value.replaceAll('"', '""')}"`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
