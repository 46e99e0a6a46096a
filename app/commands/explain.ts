/** `meterhouse explain <charge or resource>`: why a number is what it is. */

import { UsageError } from '../../foundation/errors.ts';
import { monthRange } from '../../foundation/months.ts';
import {
  type ExplainedCharge,
  type ExplainedExchangeRate,
  type ExplainedPayload,
  type ExplainedPrice,
  type ExplainedResource,
  type Explanation,
  explain,
} from '../../transforms/explain/explain.ts';
import { readConfiguration } from '../config.ts';
import { type Context, present } from '../context.ts';
import { table } from '../output.ts';
import { openReady } from '../warehouse.ts';

export interface ExplainCommandOptions {
  readonly subject: string;
  readonly month: string | null;
  readonly account: string | null;
  readonly meter: string | null;
}

const METERED_BY: Readonly<Record<ExplainedCharge['basis'], string>> = {
  billed: 'the provider\u2019s own money: its transactions or its counter',
  metered: 'the provider\u2019s usage report',
  derived: 'counted by Meterhouse from the instants that the provider reported',
};

/** Throws UsageError when nothing matches. */
export async function explainCommand(
  context: Context,
  options: ExplainCommandOptions,
): Promise<void> {
  const range = options.month === null ? { from: null, to: null } : monthRange(options.month);
  const configuration = await readConfiguration(context.configFile, context.environment);
  const warehouse = await openReady(configuration.database);
  try {
    const explanation = await explain(warehouse.pool, {
      subject: options.subject,
      account: options.account,
      meter: options.meter,
      ...range,
      reportingCurrency: configuration.reportingCurrency,
    });
    if (explanation.charges.length === 0) {
      throw new UsageError(
        `nothing is charged for "${options.subject}"${options.month === null ? '' : ` in ${options.month}`}: name a charge key or a resource id as the chargeback files have it`,
      );
    }
    present(context, explanation, () => textOf(explanation, configuration.reportingCurrency));
  } finally {
    await warehouse.close();
  }
}

function textOf(explanation: Explanation, reportingCurrency: string): string {
  const { charges, entries, prices, exchange_rates: rates, resources, payloads } = explanation;
  const bases = [...new Set(charges.map(({ basis }) => basis))];
  const corrected = entries.filter(({ revision, entry }) => revision > 1 || entry === 'reversal');
  return [
    'What it is\n\n',
    resourceTable(resources),
    '\nWhat is charged\n\n',
    chargeTable(charges, reportingCurrency),
    '\nHow it was metered\n\n',
    ...bases.map((basis) => `  ${basis}: ${METERED_BY[basis]}\n`),
    '\nWhat it costs\n\n',
    ...prices.map((price) => `  ${priceLine(price)}\n`),
    ...otherPriceLines(charges),
    ...rates.map((rate) => `  ${exchangeRateLine(rate)}\n`),
    '\nWho is charged\n\n',
    ...[...new Set(resources.map(ownerLine))].map((line) => `  ${line}\n`),
    '\nLedger entries\n\n',
    corrected.length === 0
      ? `  ${entries.length} first entries, none corrected since\n`
      : table(entries, [
          { title: 'recorded', value: (row) => row.recorded_at },
          { title: 'charge', value: (row) => row.charge_key },
          { title: 'entry', value: (row) => row.entry },
          { title: 'quantity', value: (row) => row.quantity, align: 'right' },
          { title: 'cost', value: (row) => row.billed_cost, align: 'right' },
          { title: '', value: (row) => row.billing_currency },
          {
            title: 'stated in',
            value: (row) => row.statement_month + (row.is_correction ? ' (correction)' : ''),
          },
          { title: 'reason', value: (row) => row.reason },
        ]),
    '\nThe provider\u2019s answers it rests on\n\n',
    payloadTable(payloads),
  ].join('');
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

function otherPriceLines(charges: readonly ExplainedCharge[]): string[] {
  const words: readonly [prefix: string, sentence: string][] = [
    ['api:', 'as the provider\u2019s API reported it'],
    ['backfilled:', 'what the counter had grown by since the creation, at the first sync'],
    ['estimated:', 'an estimate at the price last seen'],
    ['basis:', 'nothing: another billing basis pays for its cloud'],
    ['missing', 'no price is known: counted as 0'],
    ['unclassified', 'money of a kind that is not known'],
  ];
  return words
    .filter(([prefix]) => charges.some((charge) => charge.price_source.startsWith(prefix)))
    .map(([, sentence]) => `  ${sentence}\n`);
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
