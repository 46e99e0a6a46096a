/** An account of metrics beside a resource that is paid for: real HTTP, the collector's runner, the refresh. */
import type pg from 'pg';
import { onTestFinished } from 'vitest';
import { parseConfiguration } from '../../../app/config.ts';
import { registerMetrics } from '../../../app/register-metrics.ts';
import { HttpClient } from '../../../collectors/http/client.ts';
import { runStream, type SweepResult } from '../../../collectors/run-stream.ts';
import { refreshUtilisation } from '../../../transforms/utilisation/refresh-utilisation.ts';
import { type FakeAnswer, FakeApi } from '../../support/fake-api.ts';

export const METRICS_ACCOUNT = 'metrics';
export const DAY = '2026-10-14';
export const DAY_MS = Date.parse(`${DAY}T00:00:00Z`);
/** When all hours of the day are closed. */
export const NOW = '2026-10-15T00:20:00Z';

export const ACTIVE = {
  name: 'gpu_active',
  query: 'avg_over_time(gpu[1h])',
  measure: 'active',
  unit: 'percent',
  resource: { label: 'host', by: 'name' },
  device_label: 'gpu',
  backfill_days: 1,
};
export const ALLOCATED = {
  name: 'gpu_allocated',
  query: 'sum by (node) (gpu_requests)',
  measure: 'allocated',
  unit: 'gpus',
  resource: { label: 'node', by: 'id' },
  backfill_days: 1,
};

/** One series: its labels and, by hour of the day, its values as the server writes them. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly values: readonly (string | null)[];
}

/** What the API answers to a query over the day; null stands for no sample. */
export function matrix(series: readonly Series[]): FakeAnswer {
  const result = series.map(({ labels, values }) => ({
    metric: labels,
    values: values.flatMap((value, hour) =>
      value === null ? [] : [[DAY_MS / 1_000 + (hour + 1) * 3_600, value]],
    ),
  }));
  return { body: { status: 'success', data: { resultType: 'matrix', result } } };
}

/** The same value in every hour of the day. */
export function always(value: string): string[] {
  return Array.from({ length: 24 }, () => value);
}

/** A server that answers each query text by its own answer, for `DAY` only; other days have no series. */
export async function servedMetrics(
  answers: Readonly<Record<string, FakeAnswer>>,
): Promise<FakeApi> {
  const api = await FakeApi.start();
  onTestFinished(() => api.close());
  api.route('/api/v1/query_range', ({ query }) => {
    const isDay = Number(query.get('end')) * 1_000 === DAY_MS + 86_400_000;
    return isDay ? (answers[query.get('query') ?? ''] ?? matrix([])) : matrix([]);
  });
  return api;
}

/** Collects at `now` what the account declares. */
export async function collected(
  pool: pg.Pool,
  api: { readonly baseUrl: string },
  metrics: readonly unknown[],
  credentials: Readonly<Record<string, string>> = {},
  now = NOW,
): Promise<SweepResult[]> {
  const text = JSON.stringify({
    reporting_currency: 'USD',
    accounts: [
      { id: METRICS_ACCOUNT, provider: 'prometheus', base_url: api.baseUrl, credentials, metrics },
    ],
  });
  const { accounts } = parseConfiguration(text, 'meterhouse.yaml', {});
  const [account] = accounts;
  const [stream] = account?.provider.streams ?? [];
  if (account === undefined || stream === undefined) throw new Error('no account');
  await registerMetrics(pool, accounts);
  const client = new HttpClient({
    accountId: account.id,
    baseUrl: account.baseUrl,
    provider: account.provider,
    credentials: account.credentials,
    settings: account.http,
    nowMs: () => Date.parse(now),
  });
  onTestFinished(() => client.close());
  const run = {
    accountId: account.id,
    stream,
    staleAfterHours: 14,
    nowMs: Date.parse(now),
    client,
  };
  return (await runStream(pool, run)) ?? [];
}

/** A machine with GPUs that runs all day, paid by GPU-hours, and what the day cost in USD. */
export async function paidMachine(
  pool: pg.Pool,
  { id, name, gpus, cost }: { id: string; name: string; gpus: number; cost: string },
): Promise<void> {
  await pool.query(
    `insert into mart.transform_state (clock_at, reporting_currency) values ($1, 'USD')
     on conflict (is_only_row) do nothing`,
    [NOW],
  );
  await pool.query(
    `insert into mart.dim_resource (
       account_id, resource_id, valid_from, provider, service_name, resource_type, name, status, tags,
       gpu_count, started_at
     ) values ('rented', $1, '2026-10-01', 'acme', 'Acme', 'Server', $2, 'running', '{}', $3, '2026-10-01')`,
    [id, name, gpus],
  );
  await pool.query(
    `insert into mart.fct_cost_daily (
       account_id, resource_id, meter, cost_date, billing_currency, provider, quantity, usage_hours,
       gpu_hours, list_cost, contracted_cost, billed_cost, effective_cost, reporting_cost, accrued_cost,
       estimated_cost, uncertainty, statement_month
     ) values ('rented', $1, 'server-hours', $2, 'USD', 'acme', 24, 24, 24 * $3::integer, $4, $4, $4, $4, $4,
       0, 0, 0, '2026-10-01')`,
    [id, DAY, gpus, cost],
  );
}

/** Refreshes at `NOW` and returns `resource: active + allocated idle + unallocated + unknown` of hours and cost. */
export async function utilisation(pool: pg.Pool): Promise<string[]> {
  const connection = await pool.connect();
  try {
    await connection.query('begin');
    await refreshUtilisation(connection, Date.parse(NOW));
    await connection.query('commit');
  } finally {
    connection.release();
  }
  const { rows } = await pool.query<{ line: string }>(
    `select concat(resource_id, ': ',
       concat_ws(' + ', trim_scale(active_hours), trim_scale(allocated_idle_hours),
         trim_scale(unallocated_hours), trim_scale(unknown_hours)), ' h, ',
       concat_ws(' + ', trim_scale(active_cost), trim_scale(allocated_idle_cost),
         trim_scale(unallocated_cost), trim_scale(unknown_cost)), ' USD') as line
     from mart.fct_utilisation_daily order by resource_id collate "C"`,
  );
  return rows.map(({ line }) => line);
}
