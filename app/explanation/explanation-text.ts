/** An explanation for people: from what the resource is to the provider's answers. */

import type {
  ExplainedCharge,
  ExplainedExchangeRate,
  ExplainedPart,
  ExplainedPayload,
  ExplainedPrice,
  ExplainedResource,
  Explanation,
} from '../../transforms/explain/explanation.ts';
import { table } from '../output.ts';
import {
  correctionTable,
  entryTable,
  lineTable,
  partTable,
  withdrawalTable,
} from './books-tables.ts';

const METERED_BY: Readonly<Record<ExplainedCharge['basis'], string>> = {
  billed: 'the provider\u2019s own money: its transactions or its counter',
  metered: 'the provider\u2019s usage report',
  derived: 'counted by Meterhouse from the instants that the provider reported',
};

/** Amounts in the billing currency with its name beside them, or in the reporting currency. */
export function explanationText(explanation: Explanation, reportingCurrency: string): string {
  const { charges, entries, prices, exchange_rates: rates, resources, payloads } = explanation;
  const priced = [...charges, ...entries];
  const bases = [...new Set(priced.map(({ basis }) => basis))];
  return [
    section(
      'What it is',
      resources.length === 0
        ? '  not known: no sync reports it any more\n'
        : resourceTable(resources),
    ),
    section(
      'What is charged',
      charges.length === 0 ? '  nothing any more\n' : chargeTable(charges, reportingCurrency),
    ),
    ...booksSections(explanation),
    section('How it was metered', lines(bases.map((basis) => `${basis}: ${METERED_BY[basis]}`))),
    section(
      'What it costs',
      lines([
        ...prices.map(priceLine),
        ...otherPriceLines(priced.map((row) => row.price_source)),
        ...rates.map(exchangeRateLine),
      ]),
    ),
    section('Who owns it', lines([...new Set(resources.map(ownerLine))])),
    section('Ledger entries', entryTable(entries)),
    section('The provider\u2019s answers it rests on', payloadTable(payloads)),
  ].join('\n');
}

/** What became of the charges in the books; a section only where there is something to say. */
function booksSections(explanation: Explanation): string[] {
  const { withdrawn, parts, corrections } = explanation;
  const overMonthEnd = overMonthEndOf(parts);
  const accruals = parts.filter((part) => part.charge_id === null);
  const isTakenBack = accruals.some((part) => part.entry === 'reversal');
  return [
    ...(withdrawn.length === 0 ? [] : [section('What was withdrawn', withdrawalTable(withdrawn))]),
    ...(overMonthEnd.length === 0
      ? []
      : [section('Charges over a month\u2019s end, by statement', partTable(overMonthEnd))]),
    ...(isTakenBack
      ? [section('Accruals that a closed statement contains', partTable(accruals))]
      : []),
    section('What the statements contain', lineTable(explanation.lines)),
    ...(corrections.length === 0
      ? []
      : [section('What was corrected', correctionTable(corrections))]),
  ];
}

/** The parts of entries that have more than one. */
function overMonthEndOf(parts: readonly ExplainedPart[]): ExplainedPart[] {
  const entryOf = ({ account_id, charge_key, charge_id, entry }: ExplainedPart): string =>
    JSON.stringify([account_id, charge_key, charge_id, entry]);
  return [...Map.groupBy(parts, entryOf).values()].filter((group) => group.length > 1).flat();
}

function section(title: string, text: string): string {
  return `${title}\n\n${text}`;
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `  ${text}\n`).join('');
}

function resourceTable(rows: readonly ExplainedResource[]): string {
  return table(rows, [
    { title: 'resource', value: (row) => row.resource_id },
    { title: 'name', value: (row) => row.name ?? '' },
    { title: 'service', value: (row) => row.service_name },
    { title: 'SKU', value: (row) => row.sku ?? '' },
    { title: 'region', value: (row) => row.region_name ?? '' },
    { title: 'status', value: (row) => row.status },
    { title: 'from', value: (row) => row.valid_from },
    { title: 'until', value: (row) => row.valid_to ?? 'now' },
  ]);
}

function chargeTable(rows: readonly ExplainedCharge[], reportingCurrency: string): string {
  return table(rows, [
    { title: 'from', value: (row) => row.charge_period_start },
    { title: 'until', value: (row) => row.charge_period_end },
    { title: 'meter', value: (row) => row.meter },
    { title: 'quantity', value: (row) => row.quantity, align: 'right' },
    { title: '', value: (row) => row.unit },
    { title: 'unit price', value: (row) => row.unit_price ?? '-', align: 'right' },
    { title: 'cost', value: (row) => row.billed_cost, align: 'right' },
    { title: '', value: (row) => row.billing_currency },
    { title: reportingCurrency, value: (row) => row.reporting_cost ?? 'no rate', align: 'right' },
    { title: 'may be wrong by', value: (row) => row.uncertainty, align: 'right' },
    { title: 'basis', value: (row) => row.basis },
    { title: '', value: (row) => (row.is_accrual ? 'not posted yet' : '') },
  ]);
}

function priceLine(price: ExplainedPrice): string {
  const unit = price.unit.replace(/s$/, '').toLowerCase();
  return `${price.unit_price} ${price.currency} per ${unit} from ${price.valid_from} until ${price.valid_to ?? 'further notice'}: ${price.source_file}, line ${price.source_line}`;
}

function otherPriceLines(sources: readonly string[]): string[] {
  const words: readonly [prefix: string, sentence: string][] = [
    ['api:', 'as the provider\u2019s API reported it'],
    ['backfilled:', 'what the counter had grown by since the creation, at the first sync'],
    ['estimated:', 'an estimate at the price last seen'],
    ['basis:', 'nothing: another billing basis pays for its cloud'],
    ['missing', 'no price is known: counted as 0'],
    ['unclassified', 'money of a kind that is not known'],
  ];
  return words
    .filter(([prefix]) => sources.some((source) => source.startsWith(prefix)))
    .map(([, sentence]) => sentence);
}

function exchangeRateLine(rate: ExplainedExchangeRate): string {
  return `1 ${rate.base_currency} = ${rate.rate} ${rate.quote_currency} from ${rate.valid_from} (${rate.source}): ${rate.source_file}, line ${rate.source_line}`;
}

function ownerLine(resource: ExplainedResource): string {
  const rule = resource.rules.team;
  const owner =
    rule === undefined
      ? `${resource.team}: no rule names a team for ${resource.resource_id}`
      : `${resource.team}: by the allocation rule "${rule}"`;
  return resource.shared_rule === null
    ? owner
    : `${owner}; its cost is shared by the rule "${resource.shared_rule}"`;
}

function payloadTable(rows: readonly ExplainedPayload[]): string {
  return table(rows, [
    { title: 'record', value: (row) => `${row.entity} ${row.record_key}` },
    { title: 'swept', value: (row) => row.swept_at ?? row.seen_from },
    { title: 'seen until', value: (row) => row.seen_to ?? 'now' },
    { title: 'version', value: (row) => String(row.version_id), align: 'right' },
    { title: 'SHA-256', value: (row) => row.sha256 },
  ]);
}
