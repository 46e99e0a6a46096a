/** Rows that are right by themselves and wrong together: overlaps and contradictions. */
import { instantMs } from '../../foundation/days.ts';
import type { BillingBasis, Contract, ExchangeRate, Origin, Rate } from './reference-rows.ts';

/** How far a rate times the rate of the opposite direction may be from 1. */
const INVERSE_DIFFERENCE_MAX = 0.05;

interface Period extends Origin {
  readonly from: string;
  /** Null: for good. */
  readonly to: string | null;
}

/** One price per SKU, region, contract and account at a time. */
export function rateConflicts(rates: readonly Rate[]): string[] {
  return overlaps(
    rates.map((rate) => ({
      ...originOf(rate),
      from: rate.valid_from,
      to: rate.valid_to,
      key: [rate.provider, rate.account, rate.sku, rate.region, rate.contract_id],
      name: `${rate.sku} in ${rate.region}`,
    })),
    ['valid_from', 'valid_to'],
  );
}

/** One basis per cloud at a time. */
export function basisConflicts(bases: readonly BillingBasis[]): string[] {
  return overlaps(
    bases.map((basis) => ({
      ...originOf(basis),
      from: basis.valid_from,
      to: basis.valid_to,
      key: [basis.provider, basis.account, basis.cloud_id],
      name: `cloud ${basis.cloud_id}`,
    })),
    ['valid_from', 'valid_to'],
  );
}

/** One capacity per contract, SKU and region at a time; a row without an account is of each. */
export function contractConflicts(contracts: readonly Contract[]): string[] {
  const accounts = new Set(contracts.map(({ account }) => account));
  const everywhere = (account: string | null): readonly (string | null)[] =>
    account === null ? [...accounts, null] : [account];
  const found = overlaps(
    contracts.flatMap((contract) =>
      [...new Set(everywhere(contract.account))].map((account) => ({
        ...originOf(contract),
        from: contract.starts_at,
        to: contract.ends_at,
        key: [contract.provider, account, contract.contract_id, contract.sku, contract.region],
        name: `contract ${contract.contract_id}, ${contract.sku} in ${contract.region}`,
      })),
    ),
    ['starts_at', 'ends_at'],
  );
  return [...new Set(found)];
}

/** Defects of rows of which only one may hold at a time. */
function overlaps(
  rows: readonly (Period & { readonly key: readonly (string | null)[]; readonly name: string })[],
  [fromName, toName]: readonly [string, string],
): string[] {
  const defects: string[] = [];
  for (const group of Map.groupBy(rows, ({ key }) => JSON.stringify(key)).values()) {
    const ordered = group.toSorted((a, b) => ms(a.from) - ms(b.from));
    for (const [index, row] of ordered.entries()) {
      const where = `${row.source_file}:${row.source_line}`;
      if (row.to !== null && ms(row.to) <= ms(row.from)) {
        defects.push(`${where}: ${toName} must be after ${fromName}`);
      }
      const next = ordered[index + 1];
      if (next === undefined) continue;
      if (row.to === null || ms(row.to) > ms(next.from)) {
        const file = next.source_file === row.source_file ? '' : ` of ${next.source_file}`;
        const mend =
          ms(next.from) > ms(row.from) ? `end it at ${next.from}` : `both begin at ${next.from}`;
        defects.push(`${where}: overlaps line ${next.source_line}${file} (${row.name}): ${mend}`);
      }
    }
  }
  return defects;
}

/** One rate per pair and day, and none that contradicts the rate of the opposite direction. */
export function exchangeRateConflicts(rates: readonly ExchangeRate[]): string[] {
  const defects: string[] = [];
  const seen = new Map<string, ExchangeRate>();
  for (const rate of rates) {
    const where = `${rate.source_file}:${rate.source_line}`;
    const pair = `${rate.base}/${rate.quote} on ${rate.valid_from}`;
    const former = seen.get(pair);
    if (former !== undefined) {
      defects.push(`${where}: a second rate for ${pair} (line ${former.source_line})`);
    }
    seen.set(pair, rate);
    const opposite = seen.get(`${rate.quote}/${rate.base} on ${rate.valid_from}`);
    if (opposite === undefined) continue;
    if (Math.abs(Number(rate.rate) * Number(opposite.rate) - 1) <= INVERSE_DIFFERENCE_MAX) continue;
    defects.push(
      `${where}: ${pair} contradicts line ${opposite.source_line}, which has the opposite direction`,
    );
  }
  return defects;
}

function originOf({ source_file, source_line }: Origin): Origin {
  return { source_file, source_line };
}

/** Of a text that the schema has let through. */
function ms(text: string): number {
  return instantMs(text) ?? Number.NaN;
}
