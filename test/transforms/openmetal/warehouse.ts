/** Lands OpenMetal answers by the production writer, and asks the charge query what is owed. */
import type pg from 'pg';
import { SweepLanding } from '../../../collectors/landing.ts';
import { openmetal } from '../../../collectors/openmetal/provider.ts';
import { PRODUCTS } from '../../../collectors/registry.ts';
import type { Stream } from '../../../collectors/stream.ts';
import { bindParameters } from '../../../foundation/sql/bind-parameters.ts';
import { runTransform, type TransformResult } from '../../../transforms/ledger/run-transform.ts';
import { readManifest } from '../../../transforms/manifest.ts';

export const ACCOUNT = 'openmetal-main';

/** Lands `body` as the whole answer of one slice of a stream, at an instant; none: the slice is absent. */
export async function land(
  pool: pg.Pool,
  streamId: string,
  at: string,
  body: unknown,
  sliceName = '',
): Promise<void> {
  const stream: Stream | undefined = openmetal.streams.find(({ id }) => id === streamId);
  if (stream === undefined) throw new Error(`no stream ${streamId}`);
  const connection = await pool.connect();
  try {
    const landing = new SweepLanding(connection, {
      accountId: ACCOUNT,
      stream,
      slice: { name: sliceName },
      startedAtMs: Date.parse(at),
    });
    if (body !== undefined) await landing.addPage({ text: JSON.stringify(body), body });
    const landed = await landing.commit({ counters: { requests: 1, retries: 0 }, durationMs: 1 });
    if (landed.recordsQuarantined > 0) throw new Error(`${streamId}: a record is in quarantine`);
  } finally {
    connection.release();
  }
}

/** The list of clouds: ids, a trailing `!` for one whose deletion is pending. */
export function landClouds(pool: pg.Pool, at: string, ids: readonly string[]): Promise<void> {
  const body = ids.map((id) => ({
    id: id.replace('!', ''),
    label: 'prod',
    fields: {
      cloud_type: 'pcc',
      order_id: 'order-1',
      pod_location: 'pod_1',
      pending_delete: id.endsWith('!'),
    },
  }));
  return land(pool, 'openmetal.clouds', at, body);
}

export interface Asset {
  readonly id: number;
  readonly code: string;
  readonly cents: number;
  readonly createdAt: string;
  readonly removedAt?: string;
  readonly node?: string;
}

export interface Bill {
  readonly at: string;
  /** First and last instant of the term; null before billing begins. */
  readonly term: readonly [string, string] | null;
  readonly activatedAt: string | null;
  readonly grossCents: number;
  readonly netCents?: number;
  readonly state?: string;
  /** The subscription's id; by default one per cloud. */
  readonly subscription?: string;
  /** Hours of the lines over the whole term. Not told by default. */
  readonly grossHours?: number;
  readonly discounts?: readonly unknown[];
  /** Hours and dollars that the counters of an asset show, by its id. Not told by default. */
  readonly used?: Readonly<Record<number, readonly [hours: number, dollars: string]>>;
  /** The answer names no subscription at all. */
  readonly isEmpty?: boolean;
  readonly assets: readonly Asset[];
}

export function landBill(pool: pg.Pool, cloudId: string, bill: Bill): Promise<void> {
  const body = {
    subscription: bill.isEmpty === true ? {} : subscriptionRecord(cloudId, bill),
    asset_logs: bill.assets.map((asset) => ({
      cloud_asset_id: asset.id,
      addon_code: asset.code,
      created_at: asset.createdAt,
      removed_at: asset.removedAt ?? null,
      nodes: asset.node === undefined ? [] : [{ node_uuid: asset.node }],
      name: asset.code,
      cost_in_cents: asset.cents,
      period_usage: bill.used?.[asset.id]?.[0] ?? null,
      period_cost: bill.used?.[asset.id]?.[1] ?? null,
    })),
  };
  return land(pool, 'openmetal.subscription', bill.at, body, cloudId);
}

function subscriptionRecord(cloudId: string, bill: Bill): unknown {
  return {
    uuid: bill.subscription ?? `subscription of ${cloudId}`,
    state: bill.state ?? 'active',
    auto_renew: true,
    current_term_started_at: bill.term?.[0] ?? null,
    current_term_ends_at: bill.term?.[1] ?? null,
    activated_at: bill.activatedAt,
    addons: [{ total_in_cents: bill.grossCents, usage: bill.grossHours ?? null }],
    discounts: bill.discounts ?? [],
    total_in_cents: bill.netCents ?? bill.grossCents,
  };
}

/** Nodes by uuid with the naive instant at which they joined the cloud. */
export function landNodes(
  pool: pg.Pool,
  at: string,
  cloudId: string,
  assignedAt: Readonly<Record<string, string>>,
): Promise<void> {
  const nodes = Object.entries(assignedAt).map(([uuid, assigned]) => ({
    uuid,
    hostname: `${uuid}.local`,
    type: 'mb_standard_v1',
    cpu: 16,
    assigned_date: assigned,
    properties: { memory: { physical_mb: 131072 } },
  }));
  return land(pool, 'openmetal.stats', at, { cloud_state: 'RUNNING', nodes }, cloudId);
}

export async function landCatalogue(pool: pg.Pool, at: string, ltuMils: number): Promise<void> {
  const products = [{ hourly_cost_mils: 1380, hourly_cost_ltu_mils: ltuMils }];
  const body = { hardware: { medium_v4: { name: 'medium_v4', products } }, addons: {} };
  await land(pool, 'openmetal.products', at, body, 'pod_1');
  const items = [{ hardware_sku: 'medium_v4' }];
  await land(pool, 'openmetal.orders', at, [{ id: 'order-1', fields: { items } }]);
}

export interface Charge {
  readonly key: string;
  readonly resource: string;
  readonly meter: string;
  readonly from: string;
  readonly until: string;
  readonly hours: string;
  readonly used: string | null;
  readonly cost: string;
  readonly uncertainty: string;
  readonly basis: string;
  readonly settled: boolean;
}

/** What the charge queries say of every resource at `now`, in the order of resource and day. */
export async function chargesAt(
  pool: pg.Pool,
  now: string,
  fromDate = '-infinity',
): Promise<Charge[]> {
  const { products } = await readManifest(PRODUCTS);
  const parts = products
    .filter(({ product }) => product.startsWith('openmetal'))
    .flatMap(({ queries }) => (queries.charge === undefined ? [] : [`(${queries.charge})`]));
  const { text, values } = bindParameters(parts.join(' union all '), { now: new Date(now) });
  const connection = await pool.connect();
  try {
    await connection.query('begin');
    await connection.query(
      `create temporary table scope on commit drop as
       select account_id, resource_id, $1::date as from_date
       from intermediate.int_openmetal__resource`,
      [fromDate],
    );
    const { rows } = await connection.query<Charge>(
      `select charge_key as key, resource_id as resource, meter,
         to_char(charge_period_start at time zone 'UTC', 'MM-DD HH24:MI:SS') as from,
         to_char(charge_period_end at time zone 'UTC', 'MM-DD HH24:MI:SS') as until,
         trim_scale(quantity)::text as hours, trim_scale(usage_hours)::text as used,
         trim_scale(billed_cost)::text as cost, trim_scale(uncertainty)::text as uncertainty,
         basis, is_settled as settled
       from (${text}) as charge
       order by resource_id collate "C", charge_date, charge_period_start, charge_key collate "C"`,
      values,
    );
    return rows;
  } finally {
    await connection.query('rollback');
    connection.release();
  }
}

export async function transformAt(
  pool: pg.Pool,
  now: string,
  isFull = false,
): Promise<TransformResult> {
  return runTransform(pool, {
    manifest: await readManifest(PRODUCTS),
    reference: { rates: [], contracts: [], exchangeRates: [] },
    reportingCurrency: 'USD',
    nowMs: Date.parse(now),
    isFull,
  });
}

/** A comparison as a test looks at it. */
export interface Compared {
  readonly month: string;
  readonly line: string;
  readonly measure: string;
  readonly ours: string | null;
  readonly theirs: string | null;
  readonly class: string;
  readonly final: boolean;
  readonly proof: boolean;
}

/** The comparisons of a source (default: all), in the order of month, line and measure. */
export async function reconciled(pool: pg.Pool, source?: string): Promise<Compared[]> {
  const { rows } = await pool.query<Compared>(
    `select to_char(month, 'YYYY-MM') as month, line, measure, trim_scale(ours)::text as ours,
       trim_scale(theirs)::text as theirs, class, is_final as final, is_proof as proof
     from mart.rpt_reconciliation_line
     where provider = 'openmetal' and source = coalesce($1, source)
     order by month, line, measure`,
    [source],
  );
  return rows;
}

/** The comparisons that no rounding, timing or declared uncertainty explains. */
export async function failing(pool: pg.Pool): Promise<Compared[]> {
  const explained = ['matched', 'rounding', 'timing', 'uncertainty'];
  return (await reconciled(pool)).filter((row) => row.proof && !explained.includes(row.class));
}

/** What is charged in all by resource, in its order, after a transform that a full one confirms. */
export async function settledAt(
  pool: pg.Pool,
  now: string,
): Promise<[resource: string, cost: string, uncertainty: string][]> {
  await transformAt(pool, now);
  const full = await transformAt(pool, now, true);
  const { chargesPosted, chargesReversed, accrualsWritten } = full;
  if (chargesPosted + chargesReversed + accrualsWritten > 0) {
    throw new Error(`a full transform differs: ${JSON.stringify(full)}`);
  }
  const { rows } = await pool.query<{ resource: string; cost: string; uncertainty: string }>(
    `select resource_id as resource, trim_scale(sum(billed_cost))::text as cost,
       trim_scale(sum(uncertainty))::text as uncertainty
     from intermediate.known_charge
     group by resource_id order by resource_id collate "C"`,
  );
  return rows.map(({ resource, cost, uncertainty }) => [resource, cost, uncertainty]);
}
