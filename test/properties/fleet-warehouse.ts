/** Random small fleets at i3D and Fluence: landed, charged by the real transform, and exported. */
import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import type pg from 'pg';
import { Knowledge } from '../../app/knowledge.ts';
import { PRODUCTS } from '../../collectors/registry.ts';
import type { ChargebackTotal } from '../../exports/chargeback/manifest.ts';
import { writeChargeback } from '../../exports/chargeback/write-chargeback.ts';
import { monthRange } from '../../foundation/months.ts';
import { runTransform, type TransformResult } from '../../transforms/ledger/run-transform.ts';
import { readManifest } from '../../transforms/manifest.ts';
import type { Rate, ReferenceData } from '../../transforms/reference/read-reference.ts';
import { listed } from '../transforms/fluence/warehouse.ts';
import { CLOUD, land, serverRecord, vmRecord } from '../transforms/i3d/warehouse.ts';
import { isListed, lookAt, type Machine, machines, polls } from './fluence-machines.ts';
import { type Life, lives, type PriceSpan, priceSpans, rateRows } from './i3d-lives.ts';
import { isoOf } from './periods.ts';

const AROUND_MS = Date.parse('2026-11-01');

/** A machine and the team that its tags name; '' names none. */
export interface TeamLife extends Life {
  readonly team: string;
}

export interface Fleet {
  readonly servers: readonly TeamLife[];
  readonly vms: readonly TeamLife[];
  readonly serverPrices: readonly PriceSpan[];
  readonly vmPrices: readonly PriceSpan[];
  readonly machines: readonly Machine[];
  readonly polls: readonly number[];
  /** By poll: whether a transform follows. The last is always followed by one. */
  readonly isTransformed: readonly boolean[];
}

/** Names that a spreadsheet, a CSV reader or SQL could take for something else. */
const team = fc.oneof(
  fc.constantFrom('', 'nlp', '=1+1', '@x', '-1', '+a', '\tx', '\r\n', '"', 'a,b', "o'x", '\\', ' '),
  fc.constantFrom("'=1+1", '"; drop table x; --', '(no team)', 'team:x', 'naïve 🐘', '$1', "\\'"),
  fc.string({ unit: 'binary', maxLength: 8 }).filter((text) => !text.includes('\0')),
);

const teamLives = (prefix: string): fc.Arbitrary<TeamLife[]> =>
  fc
    .tuple(lives(AROUND_MS), fc.array(team, { minLength: 25, maxLength: 25 }))
    .map(([all, teams]) =>
      all
        .slice(0, 8)
        .map((life, index) => ({ ...life, id: prefix + life.id, team: teams[index] ?? '' })),
    );

export const fleet: fc.Arbitrary<Fleet> = fc.record({
  servers: teamLives('server-'),
  vms: teamLives('vm-'),
  serverPrices: priceSpans(AROUND_MS),
  vmPrices: priceSpans(AROUND_MS),
  machines: machines.map((all) => all.slice(0, 6).map((machine) => ({ ...machine, endMs: null }))),
  polls: polls.map((all) => all.slice(0, 4)),
  isTransformed: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
});

/** Lands what each poll sees, with transforms in between and one at the end. */
export async function liveThrough(pool: pg.Pool, one: Fleet): Promise<void> {
  for (const [index, atMs] of one.polls.entries()) {
    await landAt(pool, one, atMs);
    if (one.isTransformed[index] === true) await transform(pool, one, atMs);
  }
  await transform(pool, one, one.polls.at(-1) ?? 0);
}

async function landAt(pool: pg.Pool, one: Fleet, atMs: number): Promise<void> {
  const toldEnd = ({ endMs }: Life): string | null =>
    endMs === null || endMs > atMs ? null : isoOf(endMs);
  const tagsOf = (life: TeamLife): string[] => ['env:test', `team:${life.team}`];
  const servers = one.servers.map((life) =>
    serverRecord({
      uuid: life.id,
      deliveredAt: life.startMs > atMs ? null : isoOf(life.startMs),
      releasedAt: toldEnd(life),
      tags: tagsOf(life),
    }),
  );
  const vms = one.vms
    .filter(({ startMs }) => startMs <= atMs)
    .map((life) => ({
      ...vmRecord({ id: life.id, createdAt: isoOf(life.startMs), deletedAt: toldEnd(life) }),
      tags: tagsOf(life),
    }));
  await land(pool, 'flexmetal.servers', isoOf(atMs), servers);
  await land(pool, 'flexvm.vms', isoOf(atMs), vms, CLOUD);
  const present = one.machines.filter((machine) => isListed(machine, atMs));
  await listed(pool, isoOf(atMs), ...present.map((machine) => lookAt(machine, atMs)));
}

/** The production transform. */
export async function transform(
  pool: pg.Pool,
  one: Fleet,
  atMs: number,
  isFull = false,
): Promise<TransformResult> {
  return runTransform(pool, {
    manifest: await readManifest(PRODUCTS),
    reference: referenceOf(one),
    reportingCurrency: 'USD',
    nowMs: atMs,
    isFull,
  });
}

const ORIGIN = { source_file: 'test.csv', source_line: 2 };

function referenceOf({ serverPrices, vmPrices }: Fleet): ReferenceData {
  const card = (spans: readonly PriceSpan[], provider: string, sku: string, region: string) =>
    rateRows(spans).map(
      ({ price, from, to }): Rate => ({
        ...ORIGIN,
        ...{ provider, sku, region, account: null, contract_id: '', unit: 'Hours' },
        ...{ unit_price: price, list_unit_price: null, currency: 'EUR' },
        ...{ valid_from: from, valid_to: to },
      }),
    );
  const exchange = (base: string, rate: string) => ({
    ...{ ...ORIGIN, base, quote: 'USD', valid_from: '2020-01-01', rate, source: 'test' },
  });
  return {
    rates: [
      ...card(serverPrices, 'i3d-flexmetal', 'bm7.std.8', 'EU: Rotterdam'),
      ...card(vmPrices, 'i3d-flexvm', 'vm.gpu.1rtx4000.15c.248g', 'frmtl1'),
    ],
    contracts: [],
    exchangeRates: [exchange('EUR', '1.0837219'), exchange('USDC', '1')],
  };
}

/** A month's chargeback files, read back as a customer would. */
export interface ReadChargeback {
  readonly lines: readonly Record<string, string>[];
  readonly teams: readonly Record<string, string>[];
  readonly totals: readonly ChargebackTotal[];
}

export async function chargeback(
  pool: pg.Pool,
  month: string,
  folder: string,
): Promise<ReadChargeback> {
  const knowledge = await Knowledge.of(null, monthRange(month));
  const { files, totals } = await writeChargeback(pool, {
    month,
    reportingCurrency: 'USD',
    folder,
    formats: ['csv'],
    resolve: (text) => knowledge.resolve(text),
  });
  const [lines = [], teams = []] = await Promise.all(
    files.map(async ({ file, rows }) => {
      const options = { columns: true, record_delimiter: '\n' } as const;
      const read = parse<Record<string, string>>(await readFile(file, 'utf8'), options);
      if (read.length !== rows) throw new Error(`${file} has ${read.length} rows, not ${rows}`);
      return read;
    }),
  );
  return { lines, teams, totals };
}
