/** Lands Voltage Park's answers through the production writer, and asks what follows from them. */
import type pg from 'pg';
import { expect } from 'vitest';
import { SweepLanding } from '../../../collectors/landing.ts';
import { PRODUCTS } from '../../../collectors/registry.ts';
import { monthSlice } from '../../../collectors/slices.ts';
import type { Stream } from '../../../collectors/stream.ts';
import { bareMetal } from '../../../collectors/voltage-park/bare-metal.ts';
import { hourlyRate } from '../../../collectors/voltage-park/hourly-rate.ts';
import { locations } from '../../../collectors/voltage-park/locations.ts';
import { monthlyReport } from '../../../collectors/voltage-park/monthly-report.ts';
import { storage } from '../../../collectors/voltage-park/storage.ts';
import { transactions } from '../../../collectors/voltage-park/transactions.ts';
import { virtualMachines } from '../../../collectors/voltage-park/virtual-machines.ts';
import { bindParameters } from '../../../foundation/sql/bind-parameters.ts';
import { runTransform, type TransformResult } from '../../../transforms/ledger/run-transform.ts';
import { readManifest } from '../../../transforms/manifest.ts';

const ACCOUNT = 'voltage-main';

/** One row of a monthly report; instants as RFC 3339. */
export interface Line {
  readonly id?: string;
  readonly type?: string;
  /** As the provider signs it. */
  readonly amount: string;
  /** When the billing instance began. */
  readonly start: string;
  readonly end?: string;
  /** When the transaction was opened; default `start`. */
  readonly opened?: string;
  /** The billing instance without its instants; absent where there is none. */
  readonly instance?: Readonly<Record<string, string>>;
  readonly note?: string;
}

/** A charge as a test compares it. */
export interface Charge {
  readonly key: string;
  readonly resource: string;
  readonly meter: string;
  readonly from: string;
  readonly until: string;
  readonly hours: string;
  readonly gpuHours: string | null;
  readonly price: string;
  readonly cost: string;
  readonly category: string;
  readonly uncertainty: string;
  readonly isSettled: boolean;
}

export interface Balances {
  readonly opening: string;
  readonly change: string;
  readonly closing: string;
}

const NO_BALANCES: Balances = { opening: '0', change: '0', closing: '0' };

/** Lands a month's report as it reads at an instant. */
export async function reported(
  pool: pg.Pool,
  at: string,
  month: string,
  lines: readonly Line[],
  balances: Balances = NO_BALANCES,
): Promise<void> {
  await landReport(pool, at, month, {
    transactions: lines.map(reportRow),
    balance_at_period_start: balances.opening,
    balance_delta_in_period: balances.change,
    balance_at_period_end: balances.closing,
  });
}

/** Lands a month's report as its JSON reads. */
export async function landReport(
  pool: pg.Pool,
  at: string,
  month: string,
  body: unknown,
): Promise<void> {
  await land(pool, monthlyReport, at, monthSlice(month).name, body);
}

const LISTINGS = {
  'virtual machines': virtualMachines,
  'bare metal': bareMetal,
  storage,
  locations,
  transactions,
} as const;

/** Lands a listing as it reads at an instant. */
export async function listed(
  pool: pg.Pool,
  at: string,
  what: keyof typeof LISTINGS,
  results: readonly unknown[],
): Promise<void> {
  await land(pool, LISTINGS[what], at, '', { results });
}

/** Lands the combined rate of the organisation, USD per hour, as it reads at an instant. */
export async function burned(pool: pg.Pool, at: string, usdPerHour: string): Promise<void> {
  await land(pool, hourlyRate, at, '', { rate_hourly: usdPerHour });
}

/** The production transform at an instant; `settledBefore` posts all earlier days, as a close does. */
export async function transformedAt(
  pool: pg.Pool,
  now: string,
  isFull = false,
  settledBefore?: string,
): Promise<TransformResult> {
  return runTransform(pool, {
    manifest: await readManifest(PRODUCTS),
    reference: { rates: [], contracts: [], exchangeRates: [] },
    reportingCurrency: 'USD',
    nowMs: Date.parse(now),
    isFull,
    ...(settledBefore === undefined ? {} : { settledBefore }),
  });
}

/** `<resource> <basis> <category> <cost> ±<uncertainty>` of all that is known of a month. */
export async function monthCosts(pool: pg.Pool, month: string): Promise<string[]> {
  const { rows } = await pool.query<{ cost: string }>(
    `select concat_ws(' ', resource_id, basis, charge_category, trim_scale(sum(billed_cost)),
       '±' || trim_scale(sum(uncertainty))) as cost
     from intermediate.known_charge
     where to_char(charge_date, 'YYYY-MM') = $1
     group by resource_id, basis, charge_category
     order by resource_id collate "C", basis, charge_category`,
    [month],
  );
  return rows.map((row) => row.cost);
}

/** A full run at the same instant, which must find nothing that the runs before it missed. */
export async function expectNothingMore(pool: pg.Pool, now: string): Promise<void> {
  const full = await transformedAt(pool, now, true);
  expect(full).toMatchObject({ chargesPosted: 0, chargesReversed: 0, accrualsWritten: 0 });
}

/** The desired charges at an instant, from a UTC day on, in the order of their keys. */
export async function chargesAt(
  pool: pg.Pool,
  now: string,
  fromDate = '-infinity',
): Promise<Charge[]> {
  const charges = await productQuery('charge');
  const scope = `select distinct account_id, resource_id, '${fromDate}'::date as from_date
    from staging.stg_voltage_park__report_transaction`;
  const { text, values } = bindParameters(
    `select charge_key as key, resource_id as resource, meter,
       to_char(charge_period_start at time zone 'UTC', 'MM-DD HH24:MI:SS') as "from",
       to_char(charge_period_end at time zone 'UTC', 'MM-DD HH24:MI:SS') as until,
       trim_scale(usage_hours)::text as hours, trim_scale(gpu_hours)::text as "gpuHours",
       trim_scale(unit_price)::text as price, trim_scale(billed_cost)::text as cost,
       charge_category as category, trim_scale(uncertainty)::text as uncertainty,
       is_settled as "isSettled"
     from (${charges}) as charge order by charge_key`,
    { now: new Date(now) },
  );
  return withTable(pool, 'scope', scope, (connection) => rowsOf<Charge>(connection, text, values));
}

/** `<resource> <from>` of everything that the queued changes touch; empties the queue. */
export async function changedFrom(pool: pg.Pool): Promise<string[]> {
  const changed = await productQuery('changed_resource');
  const rows = await withTable(
    pool,
    'taken_change',
    'select * from landing.change',
    async (connection) => {
      await connection.query('delete from landing.change');
      return rowsOf<{ touched: string }>(
        connection,
        `select resource_id || ' ' || to_char(min(from_at) at time zone 'UTC', 'MM-DD HH24:MI:SS')
           as touched
         from (${changed}) as changed group by resource_id order by resource_id`,
        [],
      );
    },
  );
  return rows.map((row) => row.touched);
}

/** `<kind> <amount> <key>` of the movements that every landed row makes. */
export async function walletMovements(pool: pg.Pool): Promise<string[]> {
  const movements = await productQuery('wallet_movement');
  const rows = await withTable(
    pool,
    'taken_change',
    'select account_id, entity, slice, record_key from landing.version where ended_at is null',
    (connection) =>
      rowsOf<{ movement: string }>(
        connection,
        `select kind || ' ' || trim_scale(amount) || ' ' || movement_key as movement
         from (${movements}) as movement order by occurred_at, movement_key`,
        [],
      ),
  );
  return rows.map((row) => row.movement);
}

async function productQuery(
  suffix: 'charge' | 'changed_resource' | 'wallet_movement',
): Promise<string> {
  const { products } = await readManifest(PRODUCTS);
  const query = products.find(({ product }) => product === 'voltage_park')?.queries[suffix];
  if (query === undefined) throw new Error(`no ${suffix} query of voltage_park`);
  return query;
}

async function rowsOf<Row extends pg.QueryResultRow>(
  connection: pg.ClientBase,
  text: string,
  values: unknown[],
): Promise<Row[]> {
  return (await connection.query<Row>(text, values)).rows;
}

/** Runs queries on one connection while it has the temporary table that they read. */
async function withTable<Result>(
  pool: pg.Pool,
  table: string,
  select: string,
  use: (connection: pg.ClientBase) => Promise<Result>,
): Promise<Result> {
  const connection = await pool.connect();
  try {
    await connection.query(`create temporary table ${table} as ${select}`);
    return await use(connection);
  } finally {
    await connection.query(`drop table if exists ${table}`);
    connection.release();
  }
}

async function land(
  pool: pg.Pool,
  stream: Stream,
  at: string,
  slice: string,
  body: unknown,
): Promise<void> {
  const connection = await pool.connect();
  try {
    const landing = new SweepLanding(connection, {
      accountId: ACCOUNT,
      stream,
      slice: { name: slice },
      startedAtMs: Date.parse(at),
    });
    await landing.addPage({ text: JSON.stringify(body), body });
    const landed = await landing.commit({ counters: { requests: 1, retries: 0 }, durationMs: 1 });
    if (landed.recordsQuarantined > 0) throw new Error('a record is in quarantine');
  } finally {
    connection.release();
  }
}

function reportRow(line: Line): Record<string, unknown> {
  return {
    id: line.id ?? 'tx1',
    total_amount: line.amount,
    period_amount: line.amount,
    timestamp_creation: line.opened ?? line.start,
    timestamp_completion: line.end ?? null,
    details: {
      type: line.type ?? 'charge',
      ...(line.note === undefined ? {} : { note_public: line.note }),
      ...(line.instance === undefined
        ? {}
        : {
            linked_instance: {
              ...line.instance,
              timestamp_creation: line.start,
              timestamp_deletion: line.end ?? null,
            },
          }),
    },
  };
}
