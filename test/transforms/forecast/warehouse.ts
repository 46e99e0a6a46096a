/** A planted warehouse with a forecast: resources with their lives, and one charge per UTC day. */
import type pg from 'pg';
import { refreshForecast } from '../../../transforms/forecast/refresh-forecast.ts';
import { createPlantedProduct, type PlantedCharge } from '../../support/planted-product.ts';
import { type TestDatabase, testDatabase } from '../../support/postgres.ts';

const DAY_MS = 86_400_000;

export async function plantedWarehouse(): Promise<TestDatabase> {
  const database = await testDatabase();
  await createPlantedProduct(database.pool);
  return database;
}

export interface PlantedResource {
  readonly resource: string;
  readonly from: string;
  readonly endedAt?: string;
  readonly team?: string;
}

export async function plantResources(
  pool: pg.Pool,
  resources: readonly PlantedResource[],
): Promise<void> {
  for (const { resource, from, endedAt, team } of resources) {
    await pool.query(
      `insert into public.planted_state (account_id, resource_id, valid_from, provider,
         service_name, resource_type, status, sku, tags, gpu_count, started_at, ended_at)
       values ('test-account', $1, $2, 'planted', 'Planted', 'Server', 'running', 'sku-1',
         $4::text[], 0, $2, $3)`,
      [resource, from, endedAt ?? null, team === undefined ? [] : [`team:${team}`]],
    );
  }
}

/** 24 hours at `price` on each UTC day from `from` to `to` (half open). */
export function dailyCharges(
  resource: string,
  from: string,
  to: string,
  price = '1',
): PlantedCharge[] {
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS;
  return Array.from({ length: days }, (_, index) => {
    const startMs = Date.parse(from) + index * DAY_MS;
    const start = new Date(startMs).toISOString();
    return {
      key: `planted/${resource}/${start.slice(0, 10)}`,
      resource,
      start,
      end: new Date(startMs + DAY_MS).toISOString(),
      quantity: '24',
      price,
    };
  });
}

export interface ForecastRow {
  readonly month_to_date: string;
  readonly running: string;
  readonly change: string;
  readonly forecast: string;
  readonly low: string;
  readonly high: string;
  readonly method: string;
}

/** Refreshes the forecast at `now` and reads one scope's, amounts as exact decimal texts. */
export async function forecastAt(
  pool: pg.Pool,
  now: string,
  scope: { readonly kind: string; readonly value: string } = { kind: 'total', value: 'all' },
  month = `${now.slice(0, 7)}-01`,
): Promise<ForecastRow | undefined> {
  const connection = await pool.connect();
  try {
    await connection.query('begin');
    await refreshForecast(connection, Date.parse(now));
    await connection.query('commit');
  } finally {
    connection.release();
  }
  const { rows } = await pool.query<ForecastRow>(
    `select trim_scale(month_to_date)::text as month_to_date,
       trim_scale(running_to_month_end)::text as running,
       trim_scale(expected_change)::text as change, trim_scale(forecast_cost)::text as forecast,
       trim_scale(low_cost)::text as low, trim_scale(high_cost)::text as high, method
     from mart.forecast
     where month = $1 and scope_kind = $2 and scope_value = $3`,
    [month, scope.kind, scope.value],
  );
  return rows[0];
}
