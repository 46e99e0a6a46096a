/** Notes which metrics the configuration declares, so that SQL can read samples by their declaration. */
import type pg from 'pg';
import { inTransaction } from '../foundation/sql/transaction.ts';
import type { Account } from './config.ts';

/** A metric's row as the database has it, in the order of its columns. */
const COLUMNS =
  'account_id, metric, query, measure, unit, resource_label, resource_by, device_label, mapping';

/**
 * Makes `reference.metric` what the configuration declares. Where that changes anything, all days of use are
 * computed anew by the next refresh. Without metrics, now and before, it writes nothing.
 */
export async function registerMetrics(pool: pg.Pool, accounts: readonly Account[]): Promise<void> {
  const declared = accounts.flatMap(({ id, metrics }) =>
    metrics.map((metric) => ({
      account_id: id,
      metric: metric.name,
      query: metric.query,
      measure: metric.measure,
      unit: metric.unit,
      resource_label: metric.resource.label,
      resource_by: metric.resource.by,
      device_label: metric.deviceLabel,
      mapping: Object.fromEntries(
        metric.mapping.map(({ value, resourceId }) => [value, resourceId]),
      ),
    })),
  );
  await inTransaction(pool, async (connection) => {
    const { rowCount: dropped } = await connection.query(
      `delete from reference.metric as held
       where not exists (
         select from jsonb_populate_recordset(null::reference.metric, $1::jsonb) as declared
         where declared is not distinct from held
       )`,
      [JSON.stringify(declared)],
    );
    const { rowCount: added } = await connection.query(
      `insert into reference.metric (${COLUMNS})
       select ${COLUMNS} from jsonb_populate_recordset(null::reference.metric, $1::jsonb)
       on conflict (account_id, metric) do nothing`,
      [JSON.stringify(declared)],
    );
    if ((dropped ?? 0) + (added ?? 0) > 0)
      await connection.query('delete from mart.utilisation_state');
  });
}
