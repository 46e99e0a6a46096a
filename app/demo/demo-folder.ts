/** The demo's own configuration and reference files: a customer of the simulated providers. */
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringify } from 'yaml';
import { PROVIDERS } from '../../collectors/registry.ts';
import type { RateCardRow } from '../../simulator/i3d/i3d.ts';
import { SIMULATED_GPU_QUERY } from '../../simulator/prometheus/prometheus.ts';
import {
  SIMULATED_CREDENTIALS,
  SIMULATED_HOSTS,
  SIMULATED_METRICS_TOKEN,
  type SimulatedHost,
  type Simulation,
} from '../../simulator/simulation.ts';

const EXCHANGE_RATES = path.resolve(import.meta.dirname, '../../reference/exchange-rates.csv');

/**
 * The demo's pace: 90 days in about a minute. Epochs are looked at hourly, since a look missed is a
 * charge missed; everything that a later report repairs four times a day; catalogues once.
 */
const HOURLY = '58 * * * *'; // minutes after the boundary at 17:55: what is gone by then is few
const FOUR_TIMES_A_DAY = '10 */6 * * *';
const DAILY = '20 0 * * *';
const FRESH_HOURS_OF_DAILY_STREAMS = 24;
/** Stock, fill levels and measured use: many requests that no charge depends on. */
const LEVELS = ['openmetal.availability', 'voltage_park.storage_detail', 'prometheus.samples'];

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

/** Whoever is paid in advance, and the books of a customer who keeps them in hledger. */
const DEMO_JOURNAL = {
  chart: {
    expense: {
      default: 'Expenses:Compute',
      rules: [
        { service: 'FlexMetal', account: 'Expenses:Compute:Bare metal' },
        { service: '*Storage*', account: 'Expenses:Compute:Storage' },
      ],
    },
    payable: {
      by_issuer: {
        'i3D.net': 'Liabilities:Payable:i3D',
        OpenMetal: 'Liabilities:Payable:OpenMetal',
      },
    },
    wallet: { account: 'Assets:Prepaid', issuers: ['Fluence', 'Voltage Park'] },
  },
  templates: ['hledger'],
};

export const DEMO_ACCOUNTS = {
  i3d: 'i3d-demo',
  'voltage-park': 'voltage-park-demo',
  fluence: 'fluence-demo',
  openmetal: 'openmetal-demo',
} as const satisfies Record<SimulatedHost, string>;

/** The account of metrics beside them. */
export const DEMO_METRICS_ACCOUNT = 'metrics-demo';

/** Names of environment variables: no password is written to the folder. */
export interface DemoDatabase {
  /** Holds the URL of a database instead of the embedded one in the folder. */
  readonly urlVariable: string | null;
  /** Holds the password with which the reader of the marts shall log in. */
  readonly readerPasswordVariable: string | null;
}

const EMBEDDED: DemoDatabase = { urlVariable: null, readerPasswordVariable: null };

/** Writes the files and returns the path of the configuration. */
export async function writeDemoFolder(
  folder: string,
  simulation: Simulation,
  database: DemoDatabase = EMBEDDED,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const name of ['allocation.yaml', 'budgets.yaml']) {
    await copyFile(path.join(import.meta.dirname, name), path.join(folder, name));
  }
  await writeFile(path.join(folder, 'rate-card.csv'), rateCardCsv(simulation));
  await writeFile(path.join(folder, 'contracts.csv'), contractsCsv(simulation));
  const configuration = {
    database: {
      ...(database.urlVariable === null
        ? { folder: 'postgres' }
        : { url: `\${${database.urlVariable}}` }),
      ...(database.readerPasswordVariable === null
        ? {}
        : { reader_password: `\${${database.readerPasswordVariable}}` }),
    },
    reporting_currency: 'USD',
    accounts: [...simulatedAccounts(simulation), metricsAccount(simulation)],
    schedules: demoSchedules(),
    reference: {
      rates: ['rate-card.csv'],
      contracts: ['contracts.csv'],
      exchange_rates: [EXCHANGE_RATES],
      allocation: 'allocation.yaml',
      budgets: 'budgets.yaml',
    },
    exports: { journal: DEMO_JOURNAL },
    http: { requests_per_second: 100_000 },
  };
  const file = path.join(folder, 'meterhouse.yaml');
  await writeFile(
    file,
    `# Written by the demo: the accounts are simulated, and so are their keys.\n${stringify(configuration)}`,
  );
  return file;
}

/** An account at each simulated host, as a configuration names them. */
export function simulatedAccounts(simulation: Simulation): unknown[] {
  return SIMULATED_HOSTS.map((host) => ({
    id: DEMO_ACCOUNTS[host],
    provider: host,
    base_url: simulation.urls[host],
    credentials: SIMULATED_CREDENTIALS[host],
  }));
}

/** One query a day: the GPUs of the bare-metal rentals. */
function metricsAccount(simulation: Simulation): unknown {
  return {
    id: DEMO_METRICS_ACCOUNT,
    provider: 'prometheus',
    base_url: simulation.metricsUrl,
    credentials: { token: SIMULATED_METRICS_TOKEN },
    metrics: [
      {
        name: 'gpu_active',
        query: SIMULATED_GPU_QUERY,
        measure: 'active',
        unit: 'percent',
        resource: { label: 'rental', by: 'id' },
        device_label: 'gpu',
        backfill_days: 2,
      },
    ],
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
