/**
 * Landing 300,000 records of about 1 KB over HTTP, against the server's own ceiling: COPY of the same
 * records from a file on the server into the same temporary table, hashed and applied by the same
 * function.
 */
import { createWriteStream } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import type pg from 'pg';
import * as z from 'zod';
import { DEFAULT_HTTP_SETTINGS, HttpClient } from '../collectors/http/client.ts';
import type { Provider } from '../collectors/provider.ts';
import { runStream } from '../collectors/run-stream.ts';
import type { Stream } from '../collectors/stream.ts';
import { type Bench, freshWarehouse, spread, timed } from './measure.ts';

const RECORDS = 300_000;
const RECORDS_PER_PAGE = 1_000;
const ROUNDS = 3;

const STREAM: Stream = {
  id: 'bench.records',
  description: 'Records made for the benchmark.',
  slices: { kind: 'whole' },
  operation: 'GET /records/',
  request: () => ({ path: '/records/' }),
  pagination: { kind: 'limit-offset', recordsPerPage: RECORDS_PER_PAGE },
  entities: [
    {
      name: 'bench.record',
      records: { shape: 'array', path: ['results'] },
      key: [['id']],
      schema: z.looseObject({
        id: z.string(),
        name: z.string(),
        status: z.string(),
        rate_hourly: z.string(),
        created_at: z.string(),
      }),
      absence: 'gone',
    },
  ],
  schedule: '0 * * * *',
  staleAfterHours: 3,
};

const PROVIDER: Provider = {
  id: 'bench',
  title: 'Benchmark',
  baseUrl: '',
  credentials: z.strictObject({}),
  authenticator: () => ({ headers: () => Promise.resolve({}), forget: () => undefined }),
  errorMessage: () => null,
  requestsPerSecond: 1,
  connections: 1,
  streams: [STREAM],
  probeStreamId: STREAM.id,
  colour: '#000000',
  products: [],
};

function recordText(index: number, round: number): string {
  return JSON.stringify({
    id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    name: `machine-${index}`,
    status: index % 7 === 0 ? 'Stopped' : 'Running',
    rate_hourly: `${index % 40}.${String(round).padStart(6, '0')}`,
    created_at: '2026-08-01T08:45:32.108Z',
    specs: { gpu_model: 'h100-sxm5-80gb', gpu_count: 8, cpu_count: 104, ram_gb: 1024 },
    tags: ['team:nlp', 'env:prod', `index:${index}`],
    notes: 'x'.repeat(600),
  });
}

export async function benchLanding(bench: Bench): Promise<void> {
  const ratios: number[] = [];
  const rates: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const baselineMs = await serverSide(bench, round);
    const landingMs = await overHttp(bench, round);
    ratios.push(baselineMs / landingMs);
    rates.push(RECORDS / (landingMs / 1000));
  }
  bench.print(`${RECORDS} records landed over HTTP: ${spread(rates, 0)} records/s`);
  bench.print(
    `speed as a ratio to server-side COPY plus the same upsert: ${spread(ratios)}; target at least 0.50`,
  );
}

async function overHttp(bench: Bench, round: number): Promise<number> {
  const pages = Array.from({ length: RECORDS / RECORDS_PER_PAGE }, (_, page) => {
    const first = page * RECORDS_PER_PAGE;
    const texts = Array.from({ length: RECORDS_PER_PAGE }, (_record, index) =>
      recordText(first + index, round),
    );
    const hasNext = first + RECORDS_PER_PAGE < RECORDS;
    return `{"results":[${texts.join(',')}],"total_result_count":${RECORDS},"has_previous":${first > 0},"has_next":${hasNext}}`;
  });
  const server = createServer((request, response) => {
    const offset = Number(new URL(request.url ?? '/', 'http://bench').searchParams.get('offset'));
    response.setHeader('content-type', 'application/json');
    response.end(pages[offset / RECORDS_PER_PAGE]);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const warehouse = await freshWarehouse(bench, 'bench_landing');
  const client = new HttpClient({
    accountId: 'bench',
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    provider: PROVIDER,
    credentials: {},
    settings: { ...DEFAULT_HTTP_SETTINGS, requestsPerSecond: 0 },
    nowMs: () => Date.now(),
  });
  try {
    await warehouse.pool.query('checkpoint');
    return await timed(async () => {
      const results = await runStream(warehouse.pool, {
        accountId: 'bench',
        stream: STREAM,
        client,
        nowMs: Date.UTC(2026, 9, 1),
      });
      if (results?.[0]?.landed?.recordsNew !== RECORDS) throw new Error('not all records landed');
    });
  } finally {
    await client.close();
    await warehouse.close();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** The same rows by the shortest way: a file on the server, COPY, hash, apply. */
async function serverSide(bench: Bench, round: number): Promise<number> {
  const file = path.join(bench.folder, 'records.txt');
  await chmod(bench.folder, 0o755);
  const stream = createWriteStream(file);
  for (let index = 0; index < RECORDS; index += 1) {
    const key = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
    stream.write(`bench.record\t${key}\t${recordText(index, round).replaceAll('\\', '\\\\')}\n`);
  }
  stream.end();
  await finished(stream);
  await chmod(file, 0o644);
  const warehouse = await freshWarehouse(bench, 'bench_landing');
  const connection = await warehouse.pool.connect();
  try {
    await connection.query('checkpoint');
    return await timed(() => copyAndApply(connection, file));
  } finally {
    connection.release();
    await warehouse.close();
  }
}

async function copyAndApply(connection: pg.PoolClient, file: string): Promise<void> {
  await connection.query(
    'create temporary table raw (entity text, record_key text, payload jsonb)',
  );
  await connection.query(`copy raw from ${connection.escapeLiteral(file)}`);
  await connection.query(
    `create temporary table incoming as
     select entity, record_key, sha256(convert_to(payload::text, 'UTF8')) as content_hash, payload,
       null::text as reason
     from raw`,
  );
  await connection.query('analyze incoming');
  await connection.query(
    `select landing.apply_sweep('bench', 'bench.records', '', '{bench.record}', '{}', now(), 0, 0,
       0, 1, '', '{}')`,
  );
}
