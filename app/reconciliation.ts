/** Reads of the reconciliation mart, as the last check left it. Amounts are exact decimal texts. */
import type pg from 'pg';

/** One account, month, source and unit: our sum beside theirs. */
export interface Comparison {
  readonly account_id: string;
  readonly provider: string;
  /** `YYYY-MM` */
  readonly month: string;
  readonly source: string;
  readonly measure: string;
  readonly unit: string;
  readonly is_proof: boolean;
  readonly lines: number;
  readonly lines_matched: number;
  readonly lines_explained: number;
  readonly lines_unexplained: number;
  /** Among the explained ones: the provider's figure can still move. */
  readonly lines_open: number;
  readonly ours: string;
  readonly theirs: string;
  readonly explained: string;
  readonly unexplained: string;
  readonly tolerance: string;
  readonly is_failing: boolean;
  readonly state: 'agrees' | 'differs' | 'not compared' | 'open' | 'uncertain';
}

/** Costs of a month that no figure of the provider proves or refutes, in their billing currency. */
export interface UncomparedMonth {
  readonly account_id: string;
  readonly provider: string;
  /** `YYYY-MM` */
  readonly month: string;
  readonly billing_currency: string;
  readonly billed_cost: string;
}

/** One reason for which the cost of an account and month may be wrong. */
export interface MonthUncertainty {
  readonly account_id: string;
  /** `YYYY-MM` */
  readonly month: string;
  readonly kind: string;
  /** The stream, currency or currency pair. */
  readonly about: string;
  /** At most, in the reporting currency; null where nothing known bounds it. */
  readonly amount: string | null;
  readonly detail: string;
}

/** One comparison that nothing explains. */
export interface WorstLine {
  readonly account_id: string;
  readonly provider: string;
  readonly month: string;
  readonly source: string;
  readonly line: string;
  readonly unit: string;
  readonly ours: string | null;
  readonly theirs: string | null;
  readonly difference: string;
  readonly class: string;
  readonly note: string | null;
}

export function isFailure(comparison: Comparison): boolean {
  return comparison.is_failing;
}

/** `month` null: every month. */
export async function readReconciliation(
  pool: pg.Pool,
  month: string | null,
): Promise<Comparison[]> {
  const { rows } = await pool.query<Comparison>(
    `select account_id, provider, to_char(month, 'YYYY-MM') as month, source, measure, unit,
       is_proof, lines, lines_matched, lines_explained, lines_unexplained, lines_open,
       trim_scale(ours) as ours, trim_scale(theirs) as theirs,
       trim_scale(explained) as explained, trim_scale(unexplained) as unexplained,
       trim_scale(tolerance) as tolerance, is_failing, state
     from mart.rpt_reconciliation
     where $1::text is null or month = to_date($1, 'YYYY-MM')
     order by month, account_id, provider, source, measure, unit`,
    [month],
  );
  return rows;
}

/** The comparisons that nothing explains, failing sources and large differences first. */
export async function readWorstLines(
  pool: pg.Pool,
  month: string | null,
  limit: number,
): Promise<WorstLine[]> {
  const { rows } = await pool.query<WorstLine>(
    `select account_id, provider, to_char(month, 'YYYY-MM') as month, source, line, unit,
       trim_scale(ours) as ours, trim_scale(theirs) as theirs,
       trim_scale(difference) as difference, class, note
     from mart.reconciliation
     where is_proof and ($1::text is null or month = to_date($1, 'YYYY-MM'))
       and class in ('quantity', 'price', 'missing here', 'missing there', 'unexplained')
     order by abs(difference) desc, account_id collate "C", source collate "C", line collate "C"
     limit $2`,
    [month, limit],
  );
  return rows;
}

/** Months with costs and without any comparison. `month` null: every month. */
export async function readUncomparedMonths(
  pool: pg.Pool,
  month: string | null,
): Promise<UncomparedMonth[]> {
  const { rows } = await pool.query<UncomparedMonth>(
    `select account_id, provider, to_char(month, 'YYYY-MM') as month, billing_currency,
       trim_scale(billed_cost) as billed_cost
     from mart.rpt_uncompared_month
     where $1::text is null or month = to_date($1, 'YYYY-MM')
     order by month, account_id collate "C", provider collate "C", billing_currency collate "C"`,
    [month],
  );
  return rows;
}

/** By how much costs may be wrong, and why. `month` null: every month. */
export async function readMonthUncertainty(
  pool: pg.Pool,
  month: string | null,
): Promise<MonthUncertainty[]> {
  const { rows } = await pool.query<MonthUncertainty>(
    `select account_id, to_char(month, 'YYYY-MM') as month, kind, about,
       trim_scale(amount) as amount, detail
     from mart.rpt_month_uncertainty
     where $1::text is null or month = to_date($1, 'YYYY-MM')
     order by month, account_id collate "C", kind collate "C", about collate "C"`,
    [month],
  );
  return rows;
}

/** Whether the ledger has a cost in the month, or the last check a comparison. */
export async function hasDataOf(pool: pg.Pool, month: string): Promise<boolean> {
  const { rows } = await pool.query(
    `select from mart.reconciliation where month = to_date($1, 'YYYY-MM')
     union all
     select from mart.cost_dimension_daily
     where cost_date >= to_date($1, 'YYYY-MM')
       and cost_date < to_date($1, 'YYYY-MM') + interval '1 month'
     limit 1`,
    [month],
  );
  return rows.length > 0;
}

/** One provider and source, all months together: counts only, for units differ. */
export interface SourceAgreement {
  readonly provider: string;
  readonly source: string;
  readonly is_proof: boolean;
  readonly lines: number;
  readonly lines_matched: number;
  readonly lines_explained: number;
  readonly lines_unexplained: number;
}

export async function readSourceAgreement(pool: pg.Pool): Promise<SourceAgreement[]> {
  const { rows } = await pool.query<SourceAgreement>(
    `select provider, source, bool_or(is_proof) as is_proof, sum(lines)::integer as lines,
       sum(lines_matched)::integer as lines_matched,
       sum(lines_explained)::integer as lines_explained,
       sum(lines_unexplained)::integer as lines_unexplained
     from mart.rpt_reconciliation
     group by provider, source
     order by provider, source`,
  );
  return rows;
}
