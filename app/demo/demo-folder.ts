/** The demo's own configuration and reference files: a customer of the simulated providers. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringify } from 'yaml';
import { PROVIDERS } from '../../collectors/registry.ts';
import type { RateCardRow } from '../../simulator/i3d/i3d.ts';
import { SIMULATED_CREDENTIALS, type Simulation } from '../../simulator/simulation.ts';

const EXCHANGE_RATES = path.resolve(import.meta.dirname, '../../reference/exchange-rates.csv');

/**
 * The demo's pace: 90 days in about a minute. Epochs are looked at hourly, since a look missed is a
 * charge missed; everything that a later report repairs four times a day; catalogues once.
 */
const HOURLY = '58 * * * *'; // minutes after the boundary at 17:55: what is gone by then is few
const FOUR_TIMES_A_DAY = '10 */6 * * *';
const DAILY = '20 0 * * *';
const FRESH_HOURS_OF_DAILY_STREAMS = 24;
/** Stock and fill levels: many requests that no charge depends on. */
const LEVELS = ['openmetal.availability', 'voltage_park.storage_detail'];

function demoSchedules(): Record<string, string> {
  const streams = PROVIDERS.flatMap((provider) => provider.streams);
  return Object.fromEntries(
    streams.map((stream) => {
      const isDaily =
        stream.staleAfterHours > FRESH_HOURS_OF_DAILY_STREAMS || LEVELS.includes(stream.id);
      if (stream.id === 'fluence.vms') return [stream.id, HOURLY];
      return [stream.id, isDaily ? DAILY : FOUR_TIMES_A_DAY];
    }),
  );
}

/** Writes the files and returns the path of the configuration. */
export async function writeDemoFolder(folder: string, simulation: Simulation): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'rate-card.csv'), rateCardCsv(simulation));
  await writeFile(path.join(folder, 'contracts.csv'), contractsCsv(simulation));
  const configuration = {
    database: { folder: 'postgres' },
    reporting_currency: 'USD',
    accounts: [
      account('i3d-demo', 'i3d', simulation),
      account('voltage-park-demo', 'voltage-park', simulation),
      account('fluence-demo', 'fluence', simulation),
      account('openmetal-demo', 'openmetal', simulation),
    ],
    schedules: demoSchedules(),
    reference: {
      rates: ['rate-card.csv'],
      contracts: ['contracts.csv'],
      exchange_rates: [EXCHANGE_RATES],
    },
    http: { requests_per_second: 100_000 },
  };
  const file = path.join(folder, 'meterhouse.yaml');
  await writeFile(
    file,
    `# Written by the demo: the accounts are simulated, and so are their keys.\n${stringify(configuration)}`,
  );
  return file;
}

function account(id: string, provider: keyof Simulation['urls'], simulation: Simulation): unknown {
  return {
    id,
    provider,
    base_url: simulation.urls[provider],
    credentials: SIMULATED_CREDENTIALS[provider],
  };
}

function rateCardCsv(simulation: Simulation): string {
  const header =
    'provider,account,sku,region,contract_id,unit,unit_price,list_unit_price,currency,valid_from,valid_to';
  const rows = simulation.rateCard();
  const lines = rows.map((row) =>
    csvLine([
      row.service,
      '',
      row.sku,
      row.location,
      row.contractId,
      'Hours',
      row.pricePerHour,
      listPrice(row, rows),
      row.currency,
      wholeSeconds(row.validFrom),
      row.validTo === null ? '' : wholeSeconds(row.validTo),
    ]),
  );
  return `${[header, ...lines].join('\n')}\n`;
}

/** What is committed has the first price on demand as its list price; empty for the others. */
function listPrice(row: RateCardRow, rows: readonly RateCardRow[]): string {
  if (row.contractId === '') return '';
  const onDemand = rows.find(
    ({ contractId, service, sku, location }) =>
      contractId === '' && service === row.service && sku === row.sku && location === row.location,
  );
  return onDemand?.pricePerHour ?? '';
}

function contractsCsv(simulation: Simulation): string {
  const header = 'provider,account,contract_id,sku,region,capacity,starts_at,ends_at';
  const lines = simulation
    .contracts()
    .map((row) =>
      csvLine([
        row.service,
        '',
        row.contractId,
        row.instanceType,
        row.location,
        String(row.capacity),
        wholeSeconds(row.startsAt),
        wholeSeconds(row.endsAt),
      ]),
    );
  return `${[header, ...lines].join('\n')}\n`;
}

function wholeSeconds(instant: string): string {
  return instant.replace(/\.000Z$/, 'Z');
}

function csvLine(fields: readonly string[]): string {
  return fields
    .map((field) => (/[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field))
    .join(',');
}
