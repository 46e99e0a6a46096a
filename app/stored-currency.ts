/** In which currency reporting amounts are stored: the configuration's once a transform has run with it. */
import type pg from 'pg';
import { UsageError } from '../foundation/errors.ts';

/** That of the last transform; `configured` before the first. */
export async function readStoredCurrency(pool: pg.Pool, configured: string): Promise<string> {
  const { rows } = await pool.query<{ reporting_currency: string | null }>(
    'select reporting_currency from mart.transform_state',
  );
  return rows[0]?.reporting_currency ?? configured;
}

/**
 * The currency of a month's amounts, `YYYY-MM`: a closed month keeps its own. Throws UsageError while
 * an open month is stored in another one than `configured`.
 */
export async function currencyOfMonth(
  pool: pg.Pool,
  configured: string,
  month: string,
): Promise<string> {
  const { rows } = await pool.query<{ reporting_currency: string }>(
    `select reporting_currency from ledger.closed_month where month = to_date($1, 'YYYY-MM')`,
    [month],
  );
  const closed = rows[0]?.reporting_currency;
  if (closed !== undefined) return closed;
  const stored = await readStoredCurrency(pool, configured);
  if (stored === configured) return stored;
  throw new UsageError(
    `reporting_currency is ${configured}, and ${month} is stored in ${stored}: run \`meterhouse transform\` first`,
  );
}
