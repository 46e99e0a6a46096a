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
  readonly ours: string;
  readonly theirs: string;
  readonly explained: string;
  readonly unexplained: string;
  readonly tolerance: string;
  readonly is_failing: boolean;
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
       is_proof, lines, lines_matched, lines_explained, lines_unexplained,
       trim_scale(ours) as ours, trim_scale(theirs) as theirs,
       trim_scale(explained) as explained, trim_scale(unexplained) as unexplained,
       trim_scale(tolerance) as tolerance, is_failing
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
