/**
 * Why a line of a statement is what it is: from the line back to the ledger entries, whatever became of
 * them, and to their prices, rates and payloads.
 */
import type pg from 'pg';
import { sqlFile, sqlText } from '../../foundation/sql/sql-file.ts';
import type { Parameters } from '../../foundation/sql/statements.ts';
import { inTransaction } from '../../foundation/sql/transaction.ts';
import type { ExplainedCharge, ExplainedEntry, ExplainedPart, Explanation } from './explanation.ts';

export interface ExplainQuestion {
  /** A charge key or a resource id, in the spellings that it may have. */
  readonly subjects: readonly string[];
  readonly account: string | null;
  readonly meter: string | null;
  /** First day of the month of the statement, or of the charged days, `YYYY-MM-DD`; null: all. */
  readonly month: string | null;
  readonly reportingCurrency: string;
}

type Read = <Row extends pg.QueryResultRow>(name: string, parameters: Parameters) => Promise<Row[]>;

const API_PRICE = /^(?:api|backfilled|estimated):(\d+)$/;

/** Reads in one snapshot. `parts` is empty when nothing matches the question. */
export async function explain(pool: pg.Pool, question: ExplainQuestion): Promise<Explanation> {
  const postingDay = await sqlText('transforms/explain/posting_day');
  return inTransaction(pool, async (connection) => {
    await connection.query('set transaction isolation level repeatable read, read only');
    const read: Read = async <Row extends pg.QueryResultRow>(
      name: string,
      parameters: Parameters,
    ): Promise<Row[]> => {
      const inputs = READS_POSTINGS.has(name) ? { posting_day: postingDay } : {};
      const statement = await sqlFile(`transforms/explain/${name}`, { inputs, parameters });
      return (await connection.query<Row>(statement)).rows;
    };
    return explained(read, question);
  });
}

const READS_POSTINGS: ReadonlySet<string> = new Set(['subject', 'parts', 'lines']);

async function explained(read: Read, question: ExplainQuestion): Promise<Explanation> {
  const { subjects, account, meter, month } = question;
  const subject = await read<{ account_id: string; charge_key: string }>('subject', {
    subjects,
    lower_case_subjects: subjects.map((spelling) => spelling.toLowerCase()),
    account,
    meter,
    month,
  });
  const keys = {
    accounts: subject.map((charge) => charge.account_id),
    charge_keys: subject.map((charge) => charge.charge_key),
  };
  const parts = await read<ExplainedPart>('parts', keys);
  const charges = await read<ExplainedCharge>('charges', {
    ...keys,
    reporting_currency: question.reportingCurrency,
  });
  const entries = await read<ExplainedEntry>('entries', keys);
  const resources = resourcesOf(parts);
  return {
    charges,
    withdrawn: await read('withdrawn', keys),
    parts,
    lines: await read('lines', {
      ...resources,
      meters: parts.map((part) => part.meter),
      months: parts.map((part) => part.month),
      statement_months: parts.map((part) => part.statement_month),
    }),
    corrections: await read('corrections', {
      ...keys,
      resource_ids: resources.resource_ids,
    }),
    entries,
    ...(await groundsOf(read, charges, entries)),
    resources: await read('resources', { ...resources, ...daysOf(parts) }),
  };
}

/** What the charges and all their entries rest on: prices, exchange rates and payloads. */
async function groundsOf(
  read: Read,
  charges: readonly ExplainedCharge[],
  entries: readonly ExplainedEntry[],
): Promise<Pick<Explanation, 'prices' | 'exchange_rates' | 'payloads'>> {
  const all = [...charges, ...entries];
  return {
    prices: await read('prices', { price_sources: all.map((row) => row.price_source) }),
    exchange_rates: await read('exchange_rates', {
      exchange_rate_ids: all.map((row) => row.exchange_rate_id),
    }),
    payloads: await read('payloads', { version_ids: versionsOf(all) }),
  };
}

/** One place per part, so that the arrays can be read side by side. */
function resourcesOf(parts: readonly ExplainedPart[]): {
  readonly accounts: readonly string[];
  readonly resource_ids: readonly string[];
} {
  return {
    accounts: parts.map((part) => part.account_id),
    resource_ids: parts.map((part) => part.resource_id),
  };
}

function daysOf(parts: readonly ExplainedPart[]): {
  readonly first_date: string | null;
  readonly last_date: string | null;
} {
  const dates = parts.flatMap((part) => [part.first_date, part.last_date]).sort();
  return { first_date: dates[0] ?? null, last_date: dates.at(-1) ?? null };
}

/** The payloads that told the quantities, and those that told the prices. */
function versionsOf(rows: readonly (ExplainedCharge | ExplainedEntry)[]): string[] {
  const ids = new Set(rows.flatMap((row) => row.source_versions.map(String)));
  for (const { price_source: source } of rows) {
    const id = API_PRICE.exec(source)?.[1];
    if (id !== undefined) ids.add(id);
  }
  return [...ids];
}
