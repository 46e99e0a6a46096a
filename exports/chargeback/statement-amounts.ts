/**
 * Costs as a statement prints them: in whole minor units, and every table adds up to the same totals. The
 * team's total is its exact sum, rounded once; currencies share it, and the rows of a table their currency.
 */
import { rounded, sharedOut, sumOf } from '../formats/minor-units.ts';
import { decimalsOf } from './currency-decimals.ts';

/** Exact decimal texts. */
export interface Cost {
  readonly billing_currency: string;
  readonly billed_cost: string;
  readonly reporting_cost: string;
}

/** What a row prints, in minor units: decimal texts without grouping. */
export interface PrintedCost {
  readonly currency: string;
  readonly billed: string;
  readonly reporting: string;
}

export interface PrintedTotals {
  readonly reporting: string;
  /** One per billing currency, in the order of their codes. */
  readonly currencies: readonly PrintedCost[];
}

export interface Printed<Row> {
  readonly row: Row;
  readonly cost: PrintedCost;
}

export function totalsOf(rows: readonly Cost[], reportingCurrency: string): PrintedTotals {
  const decimals = decimalsOf(reportingCurrency);
  const sums = byCurrency(rows).map((own) => sumRow(own));
  const shares = sharedOut(
    sums.map((sum) => sum.reporting_cost),
    decimals,
  );
  return {
    reporting: rounded(sumOf(sums.map((sum) => sum.reporting_cost)), decimals),
    currencies: sums.map((sum, index) => ({
      currency: sum.billing_currency,
      billed: rounded(sum.billed_cost, decimalsOf(sum.billing_currency)),
      reporting: shares[index] ?? '',
    })),
  };
}

/** In the order of the rows, which are the parts of `totals` and nothing else. */
export function printCosts<Row extends Cost>(
  rows: readonly Row[],
  { currencies }: Pick<PrintedTotals, 'currencies'>,
  reportingCurrency: string,
): Printed<Row>[] {
  const costs = new Map<Row, PrintedCost>();
  for (const total of currencies) {
    const own = rows.filter((row) => row.billing_currency === total.currency);
    const billed = sharedOut(
      own.map((row) => row.billed_cost),
      decimalsOf(total.currency),
      total.billed,
    );
    const reporting = sharedOut(
      own.map((row) => row.reporting_cost),
      decimalsOf(reportingCurrency),
      total.reporting,
    );
    for (const [index, row] of own.entries()) {
      const cost = { billed: billed[index] ?? '', reporting: reporting[index] ?? '' };
      costs.set(row, { currency: total.currency, ...cost });
    }
  }
  return rows.flatMap((row) => {
    const cost = costs.get(row);
    return cost === undefined ? [] : [{ row, cost }];
  });
}

/** The totals of each part of the rows; the parts' totals add up to `totals`. */
export function partTotals(
  parts: readonly (readonly Cost[])[],
  totals: PrintedTotals,
  reportingCurrency: string,
): PrintedTotals[] {
  const sums = parts.flatMap((rows, part) =>
    byCurrency(rows).map((own) => ({ part, ...sumRow(own) })),
  );
  const printed = printCosts(sums, totals, reportingCurrency);
  return parts.map((_, part) => {
    const currencies = printed.filter(({ row }) => row.part === part).map(({ cost }) => cost);
    const reporting = sumOf(currencies.map((cost) => cost.reporting));
    return { currencies, reporting: rounded(reporting, decimalsOf(reportingCurrency)) };
  });
}

function byCurrency<Row extends Cost>(rows: readonly Row[]): Row[][] {
  const currencies = [...new Set(rows.map((row) => row.billing_currency))].sort();
  return currencies.map((currency) => rows.filter((row) => row.billing_currency === currency));
}

function sumRow(rows: readonly Cost[]): Cost {
  return {
    billing_currency: rows[0]?.billing_currency ?? '',
    billed_cost: sumOf(rows.map((row) => row.billed_cost)),
    reporting_cost: sumOf(rows.map((row) => row.reporting_cost)),
  };
}
