/** Rows that a detector reads, planted where the transform would have put them. */
import type pg from 'pg';

/** Noon of a Saturday: whole days end with 2026-10-30; 30 of them begin on 2026-10-01. */
export const NOW = '2026-10-31T12:00:00Z';
const ACCOUNT = 'test-account';

/** What a detector is to find, and what stands just beside it. */
export interface WasteCase {
  readonly plant: (planted: Planted) => Promise<void>;
  /** Resource id to money per month: everything that is to be found. */
  readonly finds: Readonly<Record<string, string>>;
  /** A part of the evidence of one of them. */
  readonly says: string;
}

interface ResourceState {
  readonly type?: string;
  readonly provider?: string;
  readonly status?: string;
  readonly from?: string;
  readonly to?: string;
  readonly sku?: string;
  readonly region?: string;
  readonly endedAt?: string;
}

interface Cost {
  readonly meter?: string;
  readonly provider?: string;
  /** `YYYY-MM-DD`, half open. */
  readonly from?: string;
  readonly to?: string;
  readonly perDay: string;
  readonly hours?: string;
}

interface Rate {
  readonly sku: string;
  readonly region: string;
  readonly contract?: string;
  readonly unit?: string;
  readonly price: string;
}

export class Planted {
  readonly #connection: pg.ClientBase;
  constructor(connection: pg.ClientBase) {
    this.#connection = connection;
  }

  /** One interval of a resource; running since the first of October unless told otherwise. */
  async resource(id: string, state: ResourceState = {}): Promise<void> {
    await this.#connection.query(
      `insert into mart.dim_resource (account_id, resource_id, valid_from, valid_to, provider,
         service_name, resource_type, name, status, sku, region_id, tags, gpu_count, started_at,
         ended_at)
       values ($1, $2, $3, $4, $5, 'service', $6, $2, $7, $8, $9, '{}', 0, $3, $10)`,
      [
        ACCOUNT,
        id,
        state.from ?? '2026-10-01T00:00:00Z',
        state.to ?? null,
        state.provider ?? 'i3d-flexvm',
        state.type ?? 'Virtual Machine',
        state.status ?? 'running',
        state.sku ?? 'sku-1',
        state.region ?? 'region-1',
        state.endedAt ?? null,
      ],
    );
  }

  /** The same cost on every day of a range: the whole 30 days unless told otherwise. */
  async cost(id: string, cost: Cost): Promise<void> {
    await this.#connection.query(
      `insert into mart.fct_cost_daily (account_id, resource_id, meter, cost_date,
         billing_currency, provider, quantity, usage_hours, gpu_hours, list_cost, contracted_cost,
         billed_cost, effective_cost, reporting_cost, accrued_cost, estimated_cost, uncertainty,
         statement_month)
       select $1, $2, $3, day::date, 'USD', $4, $5::numeric, $5::numeric, 0, $6::numeric,
         $6::numeric, $6::numeric, $6::numeric, $6::numeric, 0, 0, 0,
         date_trunc('month', day)::date
       from generate_series($7::timestamp, $8::timestamp - interval '1 day', interval '1 day') as day`,
      [
        ACCOUNT,
        id,
        cost.meter ?? 'vm-hours',
        cost.provider ?? 'i3d-flexvm',
        cost.hours ?? '24',
        cost.perDay,
        cost.from ?? '2026-10-01',
        cost.to ?? '2026-10-31',
      ],
    );
  }

  /** What the provider says of a record, until something else or still. */
  async landed(
    entity: string,
    key: string,
    payload: unknown,
    seen: { readonly from?: string; readonly to?: string; readonly slice?: string } = {},
  ): Promise<void> {
    await this.#connection.query(
      `insert into landing.version (account_id, entity, slice, record_key, content_hash, payload,
         first_sweep_id, seen_from, seen_to, ended_at, ended_because)
       values ($1, $2, $3, $4, '', $5, 1, $6, $7, $7,
         case when $7::timestamptz is not null then 'changed' end)`,
      [
        ACCOUNT,
        entity,
        seen.slice ?? '',
        key,
        JSON.stringify(payload),
        seen.from ?? '2026-10-01T00:00:00Z',
        seen.to ?? null,
      ],
    );
  }

  /** A commitment; it runs from January to January unless it ends earlier. */
  async contract(
    id: string,
    sku: string,
    region: string,
    capacity: number,
    endsAt?: string,
    startsAt?: string,
  ) {
    await this.#connection.query(
      `insert into reference.contract (provider, account_id, contract_id, sku, region, capacity,
         starts_at, ends_at, source_file, source_line, loaded_at)
       values ('i3d-flexmetal', $1, $2, $3, $4, $5, $7, $6, 'test.csv', 2, '2026-01-01Z')`,
      [ACCOUNT, id, sku, region, capacity, endsAt ?? '2027-01-01Z', startsAt ?? '2026-01-01Z'],
    );
  }

  async rate(rate: Rate): Promise<void> {
    await this.#connection.query(
      `insert into reference.rate (provider, account_id, sku, region, contract_id, unit, unit_price,
         currency, valid_from, source_file, source_line, loaded_at)
       values ('i3d-flexmetal', $1, $2, $3, $4, $5, $6, 'EUR', '2026-01-01Z', 'test.csv', 2,
         '2026-01-01Z')`,
      [ACCOUNT, rate.sku, rate.region, rate.contract ?? '', rate.unit ?? 'Hours', rate.price],
    );
  }

  /** A charge of one Fluence epoch. */
  async epoch(id: string, start: string, price: string, end: string | null = null): Promise<void> {
    await this.#connection.query(
      `insert into mart.accrual (account_id, charge_key, provider, resource_id, meter, charge_date,
         charge_period_start, charge_period_end, day_rule, charge_category, pricing_category,
         quantity, unit, usage_hours, gpu_hours, price_source, list_cost, contracted_cost,
         billed_cost, effective_cost, billing_currency, reporting_cost, reporting_currency,
         exchange_rate, basis, uncertainty, source_versions)
       values ($1, 'fluence/' || $2 || '/' || $3, 'fluence', $2, 'vm-epochs',
         ($3::timestamptz at time zone 'UTC')::date, $3::timestamptz,
         coalesce($5::timestamptz, $3::timestamptz + interval '24 hours'), 'seconds', 'Usage', 'Dynamic', 1, '24 Hours', 24, 0, 'api:1', $4, $4, $4, $4, 'USDC', $4,
         'USD', 1, 'billed', 0, '{}')`,
      [ACCOUNT, id, start, price, end],
    );
  }

  /** Whose a resource is, from the first day on. */
  async owner(id: string, owner: { readonly team?: string; readonly environment?: string }) {
    await this.#connection.query(
      `insert into mart.resource_ownership (account_id, resource_id, from_date, to_date, provider,
         service_name, resource_type, team, environment, dimensions, rules)
       values ($1, $2, '-infinity', 'infinity', 'voltage-park', 'service', 'Virtual Machine', $3, $4,
         '{}', '{}')`,
      [ACCOUNT, id, owner.team ?? null, owner.environment ?? null],
    );
  }
}

/** A Voltage Park machine as its list tells it; rates in USD per hour. */
export function voltageParkVm(
  status: string,
  rates: { readonly all: string; readonly disk: string },
): unknown {
  return {
    name: 'machine',
    status,
    type: 'standard',
    resources: {
      gpus: { h100: { count: 1 } },
      vcpu_count: 16,
      ram_gb: 128,
      storage_gb: 500,
    },
    pricing: { total_associated_per_hr: rates.all, total_disassociated_per_hr: rates.disk },
    timestamp_creation: '2026-09-01T00:00:00Z',
  };
}
