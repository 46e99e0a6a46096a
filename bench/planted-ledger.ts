/**
 * A warehouse with a ledger of any size and nothing in landing: a mixed fleet with one charge a day
 * per resource, entered as if each day had been its own run. 24 teams with three projects each run
 * eight kinds of workload in three environments: 1,728 combinations of what describes a cost.
 */
import type pg from 'pg';
import { refreshOwnership } from '../transforms/allocation/allocation.ts';
import { addNotedCosts } from '../transforms/rollup/cost-dimensions.ts';
import { rebuildDailyCosts } from '../transforms/rollup/daily-costs.ts';

export interface PlantedLedger {
  readonly resources: number;
  readonly days: number;
  /** First day, `YYYY-MM-DD`. */
  readonly from: string;
}

/** Enters `resources * days` charges and makes the marts from them. */
export async function plantLedger(pool: pg.Pool, planted: PlantedLedger): Promise<void> {
  const { resources, days, from } = planted;
  await pool.query(
    `insert into mart.dim_resource (
       account_id, resource_id, valid_from, provider, service_name, resource_type, name, status, sku,
       region_id, region_name, tags, gpu_model, gpu_count, vcpu_count, memory_gib, started_at,
       recorded_at
     )
     select 'account-' || kind.place % 8, 'server-' || number, $2::date, kind.provider,
       initcap(kind.provider), kind.resource_type, 'host-' || number, 'running',
       kind.provider || '.sku-' || kind.place, 'region-' || kind.place % 6,
       'Region ' || kind.place % 6,
       array['team:team-' || team, format('project:team-%s-%s', team, number / 24 % 3),
         'env:' || (array['prod', 'staging', 'dev'])[number / 72 % 3 + 1]],
       case when kind.place % 3 = 0 then 'H100' end, case when kind.place % 3 = 0 then 8 else 0 end,
       32, 256, $2::date, $2::date
     from generate_series(1, $1::integer) as number
     cross join lateral (select number % 24 as team, number / 216 % 8 as workload) as owner
     cross join lateral (
       select
         (team * 5 + workload) % 40 as place,
         (array['i3d-flexmetal', 'i3d-flexvm', 'voltage-park', 'fluence', 'openmetal'])
           [(team * 5 + workload) % 5 + 1] as provider,
         (array['Bare Metal Server', 'Virtual Machine'])[workload % 2 + 1] as resource_type
     ) as kind`,
    [resources, from],
  );
  await pool.query(
    `insert into ledger.run (
       clock_at, duration_ms, changes_taken, scopes, charges_posted, charges_reversed,
       accruals_written
     )
     select $1::date::timestamp at time zone 'UTC' + day * interval '1 day', 0, 0, 0, $3, 0, 0
     from generate_series(1, $2::integer) as day`,
    [from, days, resources],
  );
  await pool.query(
    `insert into ledger.charge (
       run_id, recorded_at, account_id, provider, charge_key, revision, entry, reason, resource_id,
       meter, sku, region_id, charge_date, charge_period_start, charge_period_end, day_rule,
       charge_category, pricing_category, quantity, unit, usage_hours, gpu_hours, unit_price,
       price_source, list_cost, contracted_cost, billed_cost, effective_cost, billing_currency,
       reporting_cost, reporting_currency, exchange_rate, basis, uncertainty, source_versions
     )
     select run.run_id, run.clock_at, resource.account_id, resource.provider,
       format('flexmetal/%s/server-hours/%s', resource.resource_id, day_start::date), 1, 'charge',
       'first entry', resource.resource_id, 'server-hours', resource.sku, resource.region_id,
       day_start::date, day_start, run.clock_at, 'start', 'Usage', 'Standard', 24, 'Hours', 24,
       24 * resource.gpu_count, price, 'rate:1', cost, cost, cost, cost, 'EUR',
       round(cost * 1.16, 9), 'USD', 1.16, 'derived', 0, '{}'
     from ledger.run
     cross join lateral (select run.clock_at - interval '1 day' as day_start) as day
     cross join mart.dim_resource as resource
     cross join lateral (
       select 0.245 + substr(resource.resource_id, 8)::integer % 97 * 0.001 as price
     ) as rate
     cross join lateral (select round(24 * price, 9) as cost) as charged`,
  );
  await pool.query(
    `insert into mart.transform_state (clock_at) select max(clock_at) from ledger.run`,
  );
  await makeMarts(pool);
  await pool.query('vacuum analyze');
}

async function makeMarts(pool: pg.Pool): Promise<void> {
  const connection = await pool.connect();
  try {
    await connection.query('begin');
    await connection.query(
      `insert into reference.allocation_rule (
         rule_name, kind, place, valid_from, valid_to, tag_pattern, sets, source_file, loaded_at
       ) values
         ('tag', 'direct', 0, '-infinity', 'infinity', '^team:(.*)$', '{"team": "*"}', 'bench',
           '2020-01-01Z'),
         ('project', 'direct', 1, '-infinity', 'infinity', '^project:(.*)$', '{"project": "*"}',
           'bench', '2020-01-01Z'),
         ('env', 'direct', 2, '-infinity', 'infinity', '^env:(.*)$', '{"environment": "*"}',
           'bench', '2020-01-01Z')`,
    );
    await refreshOwnership(connection, true);
    await rebuildDailyCosts(connection);
    await addNotedCosts(connection, 'USD');
    await connection.query('commit');
  } finally {
    connection.release();
  }
}
