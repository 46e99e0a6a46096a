/**
 * What the files of every month hold beside the ledger: allocation, chargeback lines, journal and
 * FOCUS rows, per account and currency. Sums are made by PostgreSQL, of the texts in the files.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import type pg from 'pg';
import { Knowledge } from '../../app/knowledge.ts';
import { writeChargeback } from '../../exports/chargeback/write-chargeback.ts';
import { exportFocus } from '../../exports/focus/export-focus.ts';
import { monthRange } from '../../foundation/months.ts';

const REPORTING_CURRENCY = 'USD';

interface Amount {
  readonly account: string;
  readonly currency: string;
  readonly amount: string;
}

/** One line per sum that does not come out; empty when all is conserved. */
export async function conservationBreaks(pool: pg.Pool, folder: string): Promise<string[]> {
  const { rows } = await pool.query<{ month: string }>(
    `select distinct to_char(statement_month, 'YYYY-MM') as month from mart.fct_cost_daily
     order by month`,
  );
  const broken: string[] = [];
  for (const { month } of rows) broken.push(...(await breaksOf(pool, month, folder)));
  return broken;
}

async function breaksOf(pool: pg.Pool, month: string, folder: string): Promise<string[]> {
  const knowledge = await Knowledge.of(null, monthRange(month));
  const { files } = await writeChargeback(pool, {
    month,
    reportingCurrency: REPORTING_CURRENCY,
    folder,
    formats: ['csv'],
    resolve: (text) => knowledge.resolve(text),
  });
  const read = async (name: string): Promise<Record<string, string>[]> => {
    const file = files.find((candidate) => candidate.file.endsWith(`-${name}.csv`))?.file ?? '';
    return parse(await readFile(file, 'utf8'), { columns: true });
  };
  const focusFolder = path.join(folder, 'focus');
  const focus = await exportFocus(pool, {
    month,
    ...monthRange(month),
    version: '1.4',
    format: 'csv',
    reportingCurrency: REPORTING_CURRENCY,
    folder: focusFolder,
  });
  const costs = focus.files.find(({ dataset }) => dataset === 'CostAndUsage')?.name ?? '';
  const focusRows: Record<string, string>[] = parse(
    await readFile(path.join(focusFolder, costs), 'utf8'),
    {
      columns: true,
    },
  );
  const journal = await read('journal');
  return [
    ...(await differences(pool, `${month} lines`, month, false, linesOf(await read('lines')))),
    ...(await differences(pool, `${month} FOCUS`, month, true, focusAmounts(focusRows))),
    ...(await allocationDifferences(pool, month)),
    ...(await unbalanced(pool, month, journal)),
  ];
}

function linesOf(rows: readonly Record<string, string>[]): Amount[] {
  return rows.map((row) => ({
    account: row.account_id ?? '',
    currency: row.billing_currency ?? '',
    amount: row.billed_cost ?? '',
  }));
}

function focusAmounts(rows: readonly Record<string, string>[]): Amount[] {
  return rows.map((row) => ({
    account: row.BillingAccountId ?? '',
    currency: row.BillingCurrency ?? '',
    amount: row.BilledCost ?? '',
  }));
}

/** `isFocus`: amounts in USDC, which is no ISO currency, stand in the reporting currency. */
async function differences(
  pool: pg.Pool,
  name: string,
  month: string,
  isFocus: boolean,
  amounts: readonly Amount[],
): Promise<string[]> {
  const { rows } = await pool.query<{ line: string }>(
    `with written as (
       select account, currency, sum(amount) as amount
       from jsonb_to_recordset($1::jsonb) as line (account text, currency text, amount numeric)
       group by account, currency
     ),
     held as (
       select account_id as account,
         case when $3 and billing_currency = 'USDC' then $4 else billing_currency end as currency,
         sum(case when $3 and billing_currency = 'USDC' then reporting_cost else billed_cost end)
           as amount
       from mart.fct_cost_daily
       where statement_month = to_date($2, 'YYYY-MM')
       group by 1, 2
     )
     select format('%s %s: %s beside %s', account, currency, written.amount, held.amount) as line
     from written full join held using (account, currency)
     where coalesce(written.amount, 0) <> coalesce(held.amount, 0)`,
    [JSON.stringify(amounts), month, isFocus, REPORTING_CURRENCY],
  );
  return rows.map(({ line }) => `${name}: ${line}`);
}

async function allocationDifferences(pool: pg.Pool, month: string): Promise<string[]> {
  const { rows } = await pool.query<{ line: string }>(
    `with owned as (
       select account_id, billing_currency, sum(billed_cost) as cost, sum(usage_hours) as hours
       from mart.rpt_cost_owned_daily where statement_month = to_date($1, 'YYYY-MM')
       group by account_id, billing_currency
     ),
     held as (
       select account_id, billing_currency, sum(billed_cost) as cost, sum(usage_hours) as hours
       from mart.fct_cost_daily where statement_month = to_date($1, 'YYYY-MM')
       group by account_id, billing_currency
     )
     select format('%s %s', account_id, billing_currency) as line
     from owned full join held using (account_id, billing_currency)
     where (owned.cost, owned.hours) is distinct from (held.cost, held.hours)`,
    [month],
  );
  return rows.map(({ line }) => `${month} allocation: ${line}`);
}

/** Debits and credits are equal per account and currency, and their difference of costs is the ledger's. */
async function unbalanced(
  pool: pg.Pool,
  month: string,
  journal: readonly Record<string, string>[],
): Promise<string[]> {
  const { rows } = await pool.query<{ line: string }>(
    `with posting as (
       select account_id, currency, coalesce(debit, 0) as debit, coalesce(credit, 0) as credit,
         ledger_account
       from jsonb_to_recordset($1::jsonb) as line (
         account_id text, currency text, debit numeric, credit numeric, ledger_account text
       )
     ),
     booked as (
       select account_id, currency, sum(debit) as debit, sum(credit) as credit,
         sum(credit - debit) filter (where ledger_account like 'payable%') as payable
       from posting group by account_id, currency
     ),
     held as (
       select account_id, billing_currency as currency, sum(billed_cost) as cost
       from mart.fct_cost_daily where statement_month = to_date($2, 'YYYY-MM')
       group by account_id, billing_currency
     )
     select
       format(
         '%s %s: %s against %s, payable %s of %s', account_id, currency, debit, credit, payable, cost
       ) as line
     from booked full join held using (account_id, currency)
     where debit is distinct from credit or coalesce(payable, 0) <> coalesce(cost, 0)`,
    [JSON.stringify(journal.map(postingOf)), month],
  );
  return rows.map(({ line }) => `${month} journal: ${line}`);
}

function postingOf(row: Record<string, string>): unknown {
  const { account_id, currency, debit, credit, ledger_account } = row;
  return { account_id, currency, debit: debit || null, credit: credit || null, ledger_account };
}
