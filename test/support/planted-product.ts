/**
 * A product whose expected charges are rows of a table: lets a test say what should be charged and
 * look at what the ledger makes of it, without any provider.
 */
import type pg from 'pg';
import type { Product } from '../../foundation/product.ts';
import { type CloseResult, closeMonth } from '../../transforms/ledger/close-month.ts';
import { rebuild } from '../../transforms/ledger/rebuild.ts';
import {
  runTransform,
  type TransformOptions,
  type TransformResult,
} from '../../transforms/ledger/run-transform.ts';
import type { Manifest } from '../../transforms/manifest.ts';
import type { Allocation } from '../../transforms/reference/read-allocation.ts';

const ACCOUNT = 'test-account';

/** What a provider would declare of it. */
export const PLANTED_PRODUCT: Product = {
  id: 'planted',
  title: 'Planted',
  colour: '#000000',
  streams: 'planted',
  billingModels: [],
  focus: { issuer: 'Planted', chargeFrequency: 'Usage-Based', paymentTerms: 'Net 30' },
  services: [],
};

/** What a test says of a charge; the rest has plain defaults. */
export interface PlantedCharge {
  readonly key: string;
  readonly resource?: string;
  readonly start: string;
  readonly end: string;
  readonly quantity: string;
  readonly price: string;
  readonly currency?: string;
  readonly dayRule?: 'start' | 'seconds';
  readonly isSettled?: boolean;
  readonly uncertainty?: string;
  readonly priceSource?: string;
  readonly meter?: string;
  readonly unit?: string;
}

const MANIFEST: Manifest = {
  views: [],
  products: [
    {
      product: 'planted',
      resourceStateView: 'public.planted_state',
      sources: new Set(),
      queries: {
        changed_resource: `select '${ACCOUNT}' as account_id, resource_id,
          '-infinity'::timestamptz as from_at from public.planted_resource`,
        charge: `select planted.* from public.planted_charge as planted
          join scope using (account_id, resource_id)
          where planted.charge_date >= scope.from_date`,
      },
    },
  ],
};

export async function createPlantedProduct(pool: pg.Pool): Promise<void> {
  allocation = null;
  await pool.query(`
    create table public.planted_resource (resource_id text primary key);
    create table public.planted_state (like mart.dim_resource including all);
    create table public.planted_charge (
      account_id text, provider text, charge_key text, resource_id text, meter text, sku text,
      region_id text, charge_date date, charge_period_start timestamptz,
      charge_period_end timestamptz, day_rule text, charge_category text, pricing_category text,
      commitment_id text, commitment_status text, quantity numeric, unit text,
      usage_hours numeric, gpu_hours numeric, unit_price numeric, price_source text,
      list_cost numeric, contracted_cost numeric, billed_cost numeric, effective_cost numeric,
      billing_currency text, basis text, uncertainty numeric, source_versions bigint[],
      is_settled boolean
    );
  `);
}

/** Replaces what should be charged. */
export async function plant(pool: pg.Pool, charges: readonly PlantedCharge[]): Promise<void> {
  await pool.query('delete from public.planted_charge');
  for (const charge of charges) {
    const resource = charge.resource ?? 'resource-1';
    await pool.query('insert into public.planted_resource values ($1) on conflict do nothing', [
      resource,
    ]);
    await pool.query(
      `insert into public.planted_charge
       select $1, 'planted', $2, $3, $13, 'sku-1', 'region-1',
         ($4::timestamptz at time zone 'UTC')::date, $4, $5, $6, 'Usage', 'Standard', null, null,
         $7::numeric, $14, $7::numeric, 0, $8::numeric, $12, cost, cost, cost, cost, $9,
         'metered', $10::numeric, '{}', $11
       from (select round($7::numeric * $8::numeric, 9) as cost) as priced`,
      [
        ACCOUNT,
        charge.key,
        resource,
        charge.start,
        charge.end,
        charge.dayRule ?? 'start',
        charge.quantity,
        charge.price,
        charge.currency ?? 'USD',
        charge.uncertainty ?? '0',
        charge.isSettled ?? true,
        charge.priceSource ?? 'rate:1',
        charge.meter ?? 'server-hours',
        charge.unit ?? 'Hours',
      ],
    );
  }
}

/** Says what a resource is from a UTC day on; again for a later state of it. */
export async function plantResource(
  pool: pg.Pool,
  resource: string,
  state: { from?: string; to?: string; name?: string; tags?: readonly string[] },
): Promise<void> {
  await pool.query('insert into public.planted_resource values ($1) on conflict do nothing', [
    resource,
  ]);
  await pool.query(
    `insert into public.planted_state (account_id, resource_id, valid_from, valid_to, provider,
       service_name, resource_type, name, status, tags, gpu_count)
     values ($1, $2, $3::date::timestamp at time zone 'UTC', $4::date::timestamp at time zone 'UTC',
       'planted', 'Planted', 'Server', $5, 'running', $6, 0)`,
    [
      ACCOUNT,
      resource,
      state.from ?? '2026-01-01',
      state.to ?? null,
      state.name ?? null,
      state.tags ?? [],
    ],
  );
}

let allocation: Allocation | null = null;

/** The rules of every later transform of this file. */
export function allocateBy(rules: Allocation | null): void {
  allocation = rules;
}

type DatedRate = { readonly base: string; readonly day: string; readonly rate: string };

export function transformAt(
  pool: pg.Pool,
  now: string,
  exchangeRates: readonly DatedRate[] = [],
): Promise<TransformResult> {
  return runTransform(pool, optionsAt(now, exchangeRates));
}

/** Closes the month `YYYY-MM` at an instant. */
export function closeAt(
  pool: pg.Pool,
  now: string,
  range: { readonly from: string; readonly to: string },
  isForced = false,
  exchangeRates: readonly DatedRate[] = [],
): Promise<CloseResult> {
  return closeMonth(pool, { ...optionsAt(now, exchangeRates), ...range, isForced });
}

export function rebuildAll(pool: pg.Pool, discardsHistory: boolean): Promise<TransformResult> {
  return rebuild(pool, { ...optionsAt('2000-01-01T00:00:00Z'), discardsHistory });
}

function optionsAt(now: string, exchangeRates: readonly DatedRate[] = []): TransformOptions {
  return {
    manifest: MANIFEST,
    reference: {
      rates: [],
      contracts: [],
      exchangeRates: exchangeRates.map(({ base, day, rate }, index) => ({
        base,
        quote: 'USD',
        valid_from: day,
        rate,
        source: 'test',
        source_file: 'test.csv',
        source_line: index + 2,
      })),
      allocation,
    },
    reportingCurrency: 'USD',
    nowMs: Date.parse(now),
  };
}
