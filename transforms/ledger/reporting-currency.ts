/** The reporting currency of what is stored, and whether this run's is another one. */
import type pg from 'pg';

/**
 * Whether amounts of open months are stored in another currency: all of them are computed again then.
 * Before the first transform that notes it, the ledger itself is asked.
 */
export async function isCurrencyChanged(
  connection: pg.ClientBase,
  reportingCurrency: string,
): Promise<boolean> {
  const { rows } = await connection.query<{ stored: string | null }>(
    'select reporting_currency as stored from mart.transform_state',
  );
  const state = rows[0];
  if (state === undefined) return false;
  if (state.stored !== null) return state.stored !== reportingCurrency;
  const other = await connection.query<{ is_other: boolean }>(
    `select
       exists (select from mart.accrual where reporting_currency <> $1)
       or exists (
         select from ledger.charge
         where reporting_currency <> $1 and charge_date >= ledger.books_open_from()
       ) as is_other`,
    [reportingCurrency],
  );
  return other.rows[0]?.is_other === true;
}

export async function keepReportingCurrency(
  connection: pg.ClientBase,
  reportingCurrency: string,
): Promise<void> {
  await connection.query(
    `update mart.transform_state set reporting_currency = $1
     where reporting_currency is distinct from $1`,
    [reportingCurrency],
  );
}
