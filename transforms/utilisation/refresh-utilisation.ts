/** How what is paid for was used, by measured use: made with the reports, of the days that changed. */
import type pg from 'pg';
import { runStep } from '../../foundation/sql/statements.ts';

/** In the order in which they build on each other. */
const STEPS = [
  'create_matched_series',
  'add_metric_days',
  'create_device_hour',
  'create_resource_hour',
  'create_utilisation_day',
  'add_utilisation_days',
  'drop_utilisation_days',
] as const;

/**
 * Makes `mart.fct_utilisation_daily` what samples and costs say at `nowMs`. Call it inside a transaction. Without
 * declared metrics it forgets all and costs three small statements. A refresh at the same instant changes no fact.
 */
export async function refreshUtilisation(connection: pg.ClientBase, nowMs: number): Promise<void> {
  const { rows } = await connection.query<{ is_measured: boolean }>(
    'select exists (select from reference.metric) as is_measured',
  );
  if (rows[0]?.is_measured !== true) {
    await connection.query('delete from mart.fct_utilisation_daily');
    await connection.query('delete from mart.metric_daily');
    return;
  }
  const now = new Date(nowMs);
  await runStep(connection, 'transforms/utilisation/create_changed_day', { now });
  for (const step of STEPS) {
    await runStep(connection, `transforms/utilisation/${step}`);
    if (step.startsWith('create_'))
      await connection.query(`analyze pg_temp.${step.slice('create_'.length)}`);
  }
  await connection.query('delete from mart.utilisation_state');
  await connection.query('insert into mart.utilisation_state (refreshed_at) values ($1)', [now]);
}
