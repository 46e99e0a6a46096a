/** Why a charge is what it is: from the number back to the price, the rate and the payloads. */
import type pg from 'pg';
import { sqlFile } from '../../foundation/sql/sql-file.ts';
import type { Parameters } from '../../foundation/sql/statements.ts';

export interface ExplainQuestion {
  /** A charge key, or a resource id. */
  readonly subject: string;
  readonly account: string | null;
  readonly meter: string | null;
  /** Days in question, half open, `YYYY-MM-DD`; null: all. */
  readonly from: string | null;
  readonly to: string | null;
  readonly reportingCurrency: string;
}

/** Amounts and quantities are exact decimal texts, instants ISO 8601 in UTC. */
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

export interface ExplainedEntry {
  readonly charge_key: string;
  readonly revision: number;
  readonly entry: 'charge' | 'reversal';
  readonly reason: string;
  readonly recorded_at: string;
  readonly quantity: string;
  readonly billed_cost: string;
  readonly billing_currency: string;
  readonly statement_month: string;
  readonly is_correction: boolean;
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
  readonly charges: readonly ExplainedCharge[];
  readonly entries: readonly ExplainedEntry[];
  readonly prices: readonly ExplainedPrice[];
  readonly exchange_rates: readonly ExplainedExchangeRate[];
  readonly resources: readonly ExplainedResource[];
  readonly payloads: readonly ExplainedPayload[];
}

const API_PRICE = /^(?:api|backfilled|estimated):(\d+)$/;

/** `charges` is empty when nothing matches the question. */
export async function explain(pool: pg.Pool, question: ExplainQuestion): Promise<Explanation> {
  const read = async <Row extends pg.QueryResultRow>(
    name: string,
    parameters: Parameters,
  ): Promise<Row[]> => {
    const statement = await sqlFile(`transforms/explain/${name}`, { parameters });
    return (await pool.query<Row>(statement)).rows;
  };
  const charges = await read<ExplainedCharge>('charges', {
    subject: question.subject,
    account: question.account,
    meter: question.meter,
    from: question.from,
    to: question.to,
    reporting_currency: question.reportingCurrency,
  });
  const accounts = charges.map((charge) => charge.account_id);
  const dates = charges.map((charge) => charge.charge_date).sort();
  return {
    charges,
    entries: await read('entries', {
      accounts,
      charge_keys: charges.map((charge) => charge.charge_key),
    }),
    prices: await read('prices', { price_sources: charges.map((charge) => charge.price_source) }),
    exchange_rates: await read('exchange_rates', {
      exchange_rate_ids: charges.map((charge) => charge.exchange_rate_id),
    }),
    resources: await read('resources', {
      accounts,
      resource_ids: charges.map((charge) => charge.resource_id),
      first_date: dates[0] ?? null,
      last_date: dates.at(-1) ?? null,
    }),
    payloads: await read('payloads', { version_ids: versionsOf(charges) }),
  };
}

/** The payloads that told the quantities, and those that told the prices. */
function versionsOf(charges: readonly ExplainedCharge[]): string[] {
  const ids = new Set(charges.flatMap((charge) => charge.source_versions.map(String)));
  for (const { price_source: source } of charges) {
    const id = API_PRICE.exec(source)?.[1];
    if (id !== undefined) ids.add(id);
  }
  return [...ids];
}
