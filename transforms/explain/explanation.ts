/** What `explain` returns, as `--json` writes it. Amounts and quantities are exact decimal texts. */

/** A charge as it is known now; instants are ISO 8601 in UTC, days `YYYY-MM-DD`. */
export interface ExplainedCharge {
  readonly account_id: string;
  readonly provider: string;
  readonly charge_key: string;
  readonly resource_id: string;
  readonly meter: string;
  readonly sku: string | null;
  readonly unit: string;
  readonly billing_currency: string;
  readonly price_source: string;
  readonly basis: 'billed' | 'metered' | 'derived';
  readonly is_accrual: boolean;
  readonly charge_date: string;
  readonly charge_period_start: string;
  readonly charge_period_end: string;
  readonly quantity: string;
  readonly unit_price: string | null;
  readonly billed_cost: string;
  readonly reporting_cost: string | null;
  readonly uncertainty: string;
  readonly exchange_rate_id: number | null;
  readonly source_versions: readonly number[];
}

/** A charge that the facts no longer support, as it was posted last. */
export interface ExplainedWithdrawal {
  readonly account_id: string;
  readonly provider: string;
  readonly charge_key: string;
  readonly resource_id: string;
  readonly meter: string;
  readonly charge_period_start: string;
  readonly charge_period_end: string;
  readonly quantity: string;
  readonly unit: string;
  readonly billed_cost: string;
  readonly billing_currency: string;
  readonly run_id: number;
  readonly recorded_at: string;
  /** Statements that contain its cost, `YYYY-MM`. */
  readonly stated_in: readonly string[];
  readonly withdrawn_run_id: number;
  readonly withdrawn_at: string;
  readonly withdrawn_because: string;
  /** Statements that contain its reversal. */
  readonly taken_back_in: readonly string[];
}

export interface ExplainedEntry {
  readonly charge_id: number;
  readonly account_id: string;
  readonly charge_key: string;
  readonly revision: number;
  readonly entry: 'charge' | 'reversal';
  readonly reason: string;
  readonly run_id: number;
  readonly recorded_at: string;
  readonly resource_id: string;
  readonly meter: string;
  readonly basis: 'billed' | 'metered' | 'derived';
  readonly charge_date: string;
  readonly quantity: string;
  readonly unit: string;
  readonly unit_price: string | null;
  readonly price_source: string;
  readonly billed_cost: string;
  readonly billing_currency: string;
  readonly reporting_cost: string | null;
  readonly reporting_currency: string;
  readonly exchange_rate: string | null;
  readonly exchange_rate_id: number | null;
  readonly reverses_charge_id: number | null;
  /** The statement of the charge's first day; its parts have one each. */
  readonly statement_month: string;
  readonly is_correction: boolean;
  readonly source_versions: readonly number[];
}

/** The part of a ledger entry or accrual that one statement contains for one UTC month of its days. */
export interface ExplainedPart {
  readonly account_id: string;
  readonly charge_key: string;
  /** Null: an accrual, or (`reversal`) one taken back that a closed statement contains. */
  readonly charge_id: number | null;
  readonly run_id: number | null;
  readonly revision: number;
  readonly entry: 'charge' | 'reversal';
  readonly resource_id: string;
  readonly meter: string;
  readonly month: string;
  readonly statement_month: string;
  readonly is_correction: boolean;
  readonly first_date: string;
  readonly last_date: string;
  readonly quantity: string;
  readonly unit: string;
  readonly billed_cost: string;
  /** The whole entry: the sum of its parts. */
  readonly entry_cost: string;
  readonly billing_currency: string;
  readonly reporting_cost: string | null;
  readonly uncertainty: string;
}

/** A line of a statement, with the columns of the lines file. */
export interface ExplainedLine {
  readonly month: string;
  readonly corrects_month: string | null;
  readonly is_closed: boolean;
  readonly team: string;
  readonly cost_centre: string | null;
  readonly project: string | null;
  readonly environment: string | null;
  readonly dimensions: Readonly<Record<string, string>> | null;
  readonly allocation_rule: string;
  readonly is_share: boolean;
  readonly provider: string;
  readonly account_id: string;
  readonly service: string | null;
  readonly resource_id: string;
  readonly sku: string | null;
  readonly region: string | null;
  readonly meter: string;
  readonly first_date: string;
  readonly last_date: string;
  readonly quantity: string;
  readonly unit: string | null;
  readonly billed_cost: string;
  /** What ledger entries and accruals add up to on its days: a team's share is a part of it. */
  readonly posted_cost: string;
  /** Of a correction: what earlier statements charge the same owner for its days. */
  readonly earlier_cost: string | null;
  /** The same with the correction. */
  readonly corrected_cost: string | null;
  readonly billing_currency: string;
  readonly reporting_cost: string;
  readonly uncertainty: string;
}

/** Both sides of a correction: a row of `mart.rpt_correction` sums those of its run and reason. */
export interface ExplainedCorrection {
  readonly account_id: string;
  readonly charge_key: string;
  readonly resource_id: string;
  readonly meter: string;
  readonly reason: string;
  readonly run_id: number;
  readonly recorded_at: string;
  readonly charge_date: string;
  readonly statement_month: string;
  readonly is_of_closed_month: boolean;
  /** The old side is null, and its amounts 0, where nothing was posted before. */
  readonly old_charge_id: number | null;
  readonly old_run_id: number | null;
  readonly old_recorded_at: string | null;
  readonly old_quantity: string;
  readonly old_cost: string;
  /** Teams that the statements of the old side charge. */
  readonly old_teams: readonly string[];
  /** Null where the charge was withdrawn. */
  readonly new_charge_id: number | null;
  readonly new_quantity: string;
  readonly unit: string;
  readonly new_cost: string;
  /** Teams that the statement of the correction charges. */
  readonly new_teams: readonly string[];
  readonly difference: string;
  readonly billing_currency: string;
}

export interface ExplainedPrice {
  readonly price_source: string;
  readonly unit: string;
  readonly currency: string;
  readonly unit_price: string;
  readonly valid_from: string;
  readonly valid_to: string | null;
  readonly source_file: string;
  readonly source_line: number;
}

export interface ExplainedExchangeRate {
  readonly exchange_rate_id: number;
  readonly base_currency: string;
  readonly quote_currency: string;
  readonly valid_from: string;
  readonly rate: string;
  readonly source: string;
  readonly source_file: string;
  readonly source_line: number;
}

export interface ExplainedPayload {
  readonly version_id: number;
  readonly entity: string;
  readonly record_key: string;
  readonly sha256: string;
  readonly seen_from: string;
  readonly seen_to: string | null;
  readonly sweep_id: number;
  readonly swept_at: string | null;
  readonly payload: unknown;
}

export interface ExplainedResource {
  readonly resource_id: string;
  readonly service_name: string;
  readonly resource_type: string;
  readonly name: string | null;
  readonly status: string;
  readonly sku: string | null;
  readonly region_name: string | null;
  readonly tags: readonly string[];
  readonly team: string;
  readonly cost_centre: string | null;
  /** Dimension to the allocation rule that set it. */
  readonly rules: Readonly<Record<string, string>>;
  /** The rule by which its cost is shared, or null. */
  readonly shared_rule: string | null;
  readonly valid_from: string;
  readonly valid_to: string | null;
  readonly started_at: string | null;
  readonly ended_at: string | null;
}

export interface Explanation {
  /** Known now: posted and not reversed, or accrued. */
  readonly charges: readonly ExplainedCharge[];
  readonly withdrawn: readonly ExplainedWithdrawal[];
  readonly parts: readonly ExplainedPart[];
  readonly lines: readonly ExplainedLine[];
  readonly corrections: readonly ExplainedCorrection[];
  readonly entries: readonly ExplainedEntry[];
  readonly prices: readonly ExplainedPrice[];
  readonly exchange_rates: readonly ExplainedExchangeRate[];
  readonly resources: readonly ExplainedResource[];
  readonly payloads: readonly ExplainedPayload[];
}
