/** Lands i3D answers through the production writer, and asks the charge queries what is owed. */
import type pg from 'pg';
import { i3d } from '../../../collectors/i3d/provider.ts';
import { SweepLanding } from '../../../collectors/landing.ts';
import { PRODUCTS } from '../../../collectors/registry.ts';
import { monthSlice } from '../../../collectors/slices.ts';
import type { Stream } from '../../../collectors/stream.ts';
import { bindParameters } from '../../../foundation/sql/bind-parameters.ts';
import { readManifest } from '../../../transforms/manifest.ts';

export const ACCOUNT = 'i3d-main';

/** Lands `body` as the whole answer of one slice of a stream, at an instant. */
export async function land(
  pool: pg.Pool,
  streamId: string,
  at: string,
  body: unknown,
  sliceName = '',
): Promise<void> {
  const stream: Stream | undefined = i3d.streams.find(({ id }) => id === streamId);
  if (stream === undefined) throw new Error(`no stream ${streamId}`);
  const slice = stream.slices.kind === 'months' ? monthSlice(sliceName) : { name: sliceName };
  const connection = await pool.connect();
  try {
    const landing = new SweepLanding(connection, {
      accountId: ACCOUNT,
      stream,
      slice,
      startedAtMs: Date.parse(at),
    });
    await landing.addPage({ text: JSON.stringify(body), body });
    const landed = await landing.commit({ counters: { requests: 1, retries: 0 }, durationMs: 1 });
    if (landed.recordsQuarantined > 0) throw new Error(`${streamId}: a record is in quarantine`);
  } finally {
    connection.release();
  }
}

export interface Server {
  readonly uuid: string;
  readonly status?: string;
  readonly contractId?: string;
  readonly tags?: readonly string[];
  readonly deliveredAt?: string | null;
  readonly releasedAt?: string | null;
}

/** A server as the API writes it: one type in one location, instants in Unix seconds. */
export function serverRecord(server: Server): Record<string, unknown> {
  const delivered = unixSeconds(server.deliveredAt);
  const released = unixSeconds(server.releasedAt);
  const standing = released === null ? 'delivered' : 'released';
  return {
    uuid: server.uuid,
    name: `host-${server.uuid}`,
    status: server.status ?? (delivered === null ? 'provisioning' : standing),
    statusMessage: 'OK',
    location: { id: 18, name: 'EU: Rotterdam' },
    instanceType: { id: 128, name: 'bm7.std.8' },
    os: { slug: 'ubuntu-2404-lts' },
    ipAddresses: [],
    tags: server.tags ?? [],
    createdAt:
      (delivered ?? 0) > 600 ? (delivered ?? 0) - 600 : unixSeconds('2026-10-01T00:00:00Z'),
    deliveredAt: delivered,
    releasedAt: released,
    contractId: server.contractId ?? '',
  };
}

export interface Vm {
  readonly id: string;
  readonly status?: string;
  readonly createdAt: string;
  readonly deletedAt?: string | null;
}

const INSTANCE_TYPE = {
  id: '019256ab-1554-73a7-b091-f024b0a724ea',
  name: 'vm.gpu.1rtx4000.15c.248g',
  vcpu: 15,
  memory: 253952,
  disk: 256,
  pciDevices: [
    { type: 'gpu', spec: 'rtx4000' },
    { type: 'nvme', spec: '1.92TB' },
  ],
};

export const CLOUD = '019cb8c4-25dc-7aac-8023-407f05529118';

export function vmRecord(vm: Vm): Record<string, unknown> {
  return {
    id: vm.id,
    name: `vm-${vm.id}`,
    instance_type: INSTANCE_TYPE,
    image: { name: 'ubuntu-2404-base' },
    status: vm.status ?? (vm.deletedAt == null ? 'running' : 'deleted'),
    ips: [],
    cloud: { id: CLOUD, name: 'builds', site: 'frmtl1', instance_type: 'bm9.hmm.gpu.4rtx4000.64' },
    node: null,
    tags: ['env:build'],
    created_at: vm.createdAt,
    deleted_at: vm.deletedAt ?? '',
  };
}

export interface ReportedVm {
  readonly id: string;
  readonly createdAt: string;
  readonly releasedAt?: string | null;
  readonly hours: number;
}

/** A month's report with the given VM rows and no totals. */
export function report(month: string, vms: readonly ReportedVm[]): unknown {
  const { startDate, endDate } = monthSlice(month).month ?? { startDate: '', endDate: '' };
  return {
    period: { start: `${startDate}T00:00:00Z`, end: `${endDate}T00:00:00Z` },
    total_nodes: 1,
    total_active_vms: vms.length,
    clouds: [],
    by_tag: [],
    vms: vms.map(({ id, createdAt, releasedAt, hours }) => ({
      vm_id: id,
      name: `vm-${id}`,
      status: releasedAt == null ? 'running' : 'deleted',
      plan: INSTANCE_TYPE.name,
      image: 'ubuntu-2404-base',
      cloud_id: CLOUD,
      site: 'frmtl1',
      tags: ['env:build'],
      created_at: createdAt,
      released_at: releasedAt ?? null,
      vm_hours: hours,
    })),
  };
}

export interface RateRow {
  readonly product: 'flexmetal' | 'flexvm';
  readonly price: string;
  readonly listPrice?: string;
  readonly contractId?: string;
  readonly account?: string;
  readonly from: string;
  readonly to?: string;
}

export async function addRate(pool: pg.Pool, rate: RateRow): Promise<void> {
  const isMetal = rate.product === 'flexmetal';
  await pool.query(
    `insert into reference.rate (provider, account_id, sku, region, contract_id, unit, unit_price,
       list_unit_price, currency, valid_from, valid_to, source_file, source_line, loaded_at)
     values ($1, $2, $3, $4, $5, 'Hours', $6, $7, 'EUR', $8, $9, 'rates.csv', 2, '2026-01-01Z')`,
    [
      `i3d-${rate.product}`,
      rate.account ?? null,
      isMetal ? 'bm7.std.8' : INSTANCE_TYPE.name,
      isMetal ? 'EU: Rotterdam' : 'frmtl1',
      rate.contractId ?? '',
      rate.price,
      rate.listPrice ?? null,
      rate.from,
      rate.to ?? null,
    ],
  );
}

export const CONTRACT = 'JD-NB2UU6VX732';
export const POOL = `${CONTRACT}/EU: Rotterdam/bm7.std.8`;

export async function addContract(
  pool: pg.Pool,
  capacity: number,
  startsAt: string,
  endsAt: string,
  account: string | null = null,
): Promise<void> {
  await pool.query(
    `insert into reference.contract (provider, account_id, contract_id, sku, region, capacity,
       starts_at, ends_at, source_file, source_line, loaded_at)
     values ('i3d-flexmetal', $1, $2, 'bm7.std.8', 'EU: Rotterdam', $3, $4, $5, 'contracts.csv', 2,
       '2026-01-01Z')`,
    [account, CONTRACT, capacity, startsAt, endsAt],
  );
}

/** One charge as `chargesAt` gives it: decimals without trailing zeros. */
export interface Charge {
  readonly resource: string;
  readonly meter: string;
  readonly day: string;
  readonly from: string;
  readonly until: string;
  readonly hours: string;
  readonly cost: string;
  readonly uncertainty: string;
  readonly basis: string;
  readonly settled: boolean;
}

/** What a product's charge query says at `now` of resources and everything related to them. */
export async function chargesAt(
  pool: pg.Pool,
  product: 'flexmetal' | 'flexvm',
  now: string,
  resources: readonly string[],
  fromDate = '-infinity',
): Promise<Charge[]> {
  const { products } = await readManifest(PRODUCTS);
  const textOf = (name: string, query: 'charge' | 'related_scope'): string =>
    products.find((candidate) => candidate.product === name)?.queries[query] ?? 'missing';
  const connection = await pool.connect();
  try {
    await connection.query('begin');
    await connection.query(
      `create temporary table scope on commit drop as
       select $1::text as account_id, resource_id, $3::date as from_date
       from unnest($2::text[]) as resource_id`,
      [ACCOUNT, resources, fromDate],
    );
    if (product === 'flexmetal') {
      await connection.query(
        `create temporary table related on commit drop as
         ${textOf('flexmetal_pool', 'related_scope')}`,
      );
      await connection.query(
        `insert into scope select * from related
         where not exists (select from scope where scope.resource_id = related.resource_id)`,
      );
    }
    const queries = product === 'flexmetal' ? ['i3d', 'flexmetal_pool'] : ['i3d'];
    const union = queries.map((name) => `(${textOf(name, 'charge')})`).join(' union all ');
    const { text, values } = bindParameters(union, { now: new Date(now) });
    const { rows } = await connection.query<Charge>(
      `select resource_id as resource, meter, charge_date as day,
         to_char(charge_period_start at time zone 'UTC', 'MM-DD HH24:MI') as from,
         to_char(charge_period_end at time zone 'UTC', 'MM-DD HH24:MI') as until,
         trim_scale(quantity)::text as hours, trim_scale(billed_cost)::text as cost,
         trim_scale(uncertainty)::text as uncertainty, basis, is_settled as settled
       from (${text}) as charge
       order by resource_id, charge_date, meter, charge_period_start`,
      values,
    );
    return rows;
  } finally {
    await connection.query('rollback');
    connection.release();
  }
}

function unixSeconds(instant: string | null | undefined): number | null {
  return instant == null ? null : Date.parse(instant) / 1000;
}
