/** Lands Fluence's answers through the production writer, and asks the charge query what is owed. */
import type pg from 'pg';
import { marketplaceOffers } from '../../../collectors/fluence/marketplace-offers.ts';
import { vms } from '../../../collectors/fluence/vms.ts';
import { SweepLanding } from '../../../collectors/landing.ts';
import { PRODUCTS } from '../../../collectors/registry.ts';
import { monthRange } from '../../../foundation/months.ts';
import { bindParameters } from '../../../foundation/sql/bind-parameters.ts';
import { type CloseResult, closeMonth } from '../../../transforms/ledger/close-month.ts';
import {
  runTransform,
  type TransformOptions,
  type TransformResult,
} from '../../../transforms/ledger/run-transform.ts';
import { readManifest } from '../../../transforms/manifest.ts';

const ACCOUNT = 'fluence-main';

/** One look at a machine; money in micro-USDC, instants as RFC 3339. */
export interface Look {
  /** Last digits of the address. Default `a1`. */
  readonly vm?: string;
  readonly name?: string;
  readonly created: string;
  readonly next: string;
  readonly spent: string;
  readonly price?: number | string;
  readonly gpus?: number;
}

/** A charge as a test compares it. */
export interface Charge {
  readonly key: string;
  readonly from: string;
  readonly until: string;
  readonly hours: string;
  readonly gpuHours: string;
  readonly cost: string;
  readonly category: string;
  readonly basis: string;
  readonly uncertainty: string;
  readonly priceSource: string;
}

/** Lands the machines as the whole list at an instant. */
export async function listed(pool: pg.Pool, at: string, ...looks: Look[]): Promise<void> {
  await land(pool, vms, at, looks.map(vmRecord));
}

export async function offered(pool: pg.Pool, at: string, offers: unknown): Promise<void> {
  await land(pool, marketplaceOffers, at, offers);
}

/** The desired charges of every machine at an instant, from a UTC day on, oldest first. */
export async function chargesAt(
  pool: pg.Pool,
  now: string,
  fromDate = '-infinity',
): Promise<Charge[]> {
  const query = await productQuery('charge');
  const connection = await pool.connect();
  try {
    await connection.query(
      `create temporary table scope as
       select distinct account_id, record_key as resource_id, '${fromDate}'::date as from_date
       from landing.version where entity = 'fluence.vm'`,
    );
    const { text, values } = bindParameters(
      `select replace(charge_key, '0x' || repeat('0', 38), '') as key,
         to_char(charge_period_start at time zone 'UTC', 'MM-DD HH24:MI:SS') as "from",
         to_char(charge_period_end at time zone 'UTC', 'MM-DD HH24:MI:SS') as until,
         trim_scale(usage_hours)::text as hours, trim_scale(gpu_hours)::text as "gpuHours",
         trim_scale(billed_cost)::text as cost, charge_category as category, basis,
         trim_scale(uncertainty::numeric)::text as uncertainty,
         split_part(price_source, ':', 1) as "priceSource"
       from (${query}) as charge order by resource_id, charge_period_start`,
      { now: new Date(now) },
    );
    return (await connection.query<Charge>(text, values)).rows;
  } finally {
    await connection.query('drop table if exists scope');
    connection.release();
  }
}

/** From when on a batch of queued changes touches each machine; empties the queue. */
export async function changedFrom(pool: pg.Pool): Promise<string[]> {
  const query = await productQuery('changed_resource');
  const connection = await pool.connect();
  try {
    await connection.query(
      `create temporary table taken_change as
       select account_id, entity, slice, record_key, version_id, kind, previous_seen_to
       from landing.change`,
    );
    await connection.query('delete from landing.change');
    const { rows } = await connection.query<{ from_at: string }>(
      `select to_char(from_at at time zone 'UTC', 'MM-DD HH24:MI:SS') as from_at
       from (${query}) as changed order by resource_id`,
    );
    return rows.map((row) => row.from_at);
  } finally {
    await connection.query('drop table if exists taken_change');
    connection.release();
  }
}

/** Enters what is owed at an instant; one USDC is worth 0.9 EUR from 2 November on, 0.8 before. */
export async function transformAt(
  pool: pg.Pool,
  now: string,
  isFull = false,
): Promise<TransformResult> {
  return runTransform(pool, await optionsAt(now, isFull));
}

/** Closes the month `YYYY-MM` at an instant, without force. */
export async function closeAt(pool: pg.Pool, now: string, month: string): Promise<CloseResult> {
  const options = { ...(await optionsAt(now, false)), ...monthRange(month), isForced: false };
  return closeMonth(pool, options);
}

async function optionsAt(now: string, isFull: boolean): Promise<TransformOptions> {
  const rate = { base: 'USDC', quote: 'EUR', source: 'test', source_file: 'test.csv' };
  return {
    manifest: await readManifest(PRODUCTS),
    reference: {
      rates: [],
      contracts: [],
      exchangeRates: [
        { ...rate, source_line: 2, valid_from: '2026-10-01', rate: '0.8' },
        { ...rate, source_line: 3, valid_from: '2026-11-02', rate: '0.9' },
      ],
    },
    reportingCurrency: 'EUR',
    nowMs: Date.parse(now),
    isFull,
  };
}

/** A comparison as a test looks at it; `line` without the zeros of the address. */
export interface Compared {
  readonly month: string;
  readonly source: string;
  readonly line: string;
  readonly ours: string | null;
  readonly theirs: string | null;
  readonly class: string;
  readonly proof: boolean;
}

/** The comparisons, in the order of month, source and line. */
export async function reconciled(pool: pg.Pool): Promise<Compared[]> {
  const { rows } = await pool.query<Compared>(
    `select to_char(month, 'YYYY-MM') as month, source,
       replace(line, '0x' || repeat('0', 38), '') as line, trim_scale(ours)::text as ours,
       trim_scale(theirs)::text as theirs, class, is_proof as proof
     from mart.rpt_reconciliation_line
     where provider = 'fluence'
     order by month, source, line`,
  );
  return rows;
}

/** The comparisons that no rounding, timing or declared uncertainty explains. */
export async function failing(pool: pg.Pool): Promise<Compared[]> {
  const explained = ['matched', 'rounding', 'timing', 'uncertainty'];
  return (await reconciled(pool)).filter((row) => row.proof && !explained.includes(row.class));
}

async function productQuery(suffix: 'charge' | 'changed_resource'): Promise<string> {
  const { products } = await readManifest(PRODUCTS);
  const query = products.find(({ product }) => product === 'fluence')?.queries[suffix];
  if (query === undefined) throw new Error(`no ${suffix} query of fluence`);
  return query;
}

async function land(
  pool: pg.Pool,
  stream: typeof vms | typeof marketplaceOffers,
  at: string,
  body: unknown,
): Promise<void> {
  const connection = await pool.connect();
  try {
    const landing = new SweepLanding(connection, {
      accountId: ACCOUNT,
      stream,
      slice: { name: '' },
      startedAtMs: Date.parse(at),
    });
    await landing.addPage({ text: JSON.stringify(body), body });
    const landed = await landing.commit({ counters: { requests: 1, retries: 0 }, durationMs: 1 });
    if (landed.recordsQuarantined > 0) throw new Error('a record is in quarantine');
  } finally {
    connection.release();
  }
}

function vmRecord(look: Look): Record<string, unknown> {
  return {
    id: `0x${(look.vm ?? 'A1').padStart(40, '0')}`,
    vmName: look.name ?? 'vm-name',
    status: 'ACTIVE',
    pricePerEpoch: look.price ?? 298_160,
    resources: [
      { type: 'VCPU', quantity: 2, details: { model: '7702p' } },
      { type: 'RAM', quantity: 4096 },
      { type: 'STORAGE', quantity: 25_600 },
      ...(look.gpus === undefined ? [] : [{ type: 'GPU', quantity: look.gpus }]),
    ],
    createdAt: signedYears(look.created),
    nextBillingAt: signedYears(look.next),
    datacenter: { id: '0x05', countryCode: 'FR', cityCode: 'PAR', cityIndex: 1 },
    reservedBalance: '359440',
    totalSpent: look.spent,
  };
}

/** As the API writes an instant: sign, six-digit year, nine digits of a second. */
function signedYears(instant: string): string {
  const [seconds = '', fraction = ''] = instant.replace('Z', '').split('.');
  return `+00${seconds}.${fraction.padEnd(9, '0')}Z`;
}
