/**
 * The configuration that proofs run with: the demo's accounts and reference files, a database of
 * the proof's own, a coarser pace, and a client that neither waits long nor rests between attempts.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { writeDemoFolder } from '../../app/demo/demo-folder.ts';
import type { Simulation } from '../../simulator/simulation.ts';

/** How long the client waits for an answer. Simulated answers take a few milliseconds. */
export const PATIENCE_MS = 400;

/** Cumulative counters: the last epoch of a machine that vanishes is known by the last look. */
const COUNTERS = '58 1-23/4 * * *'; // minutes after the boundary at 17:55, too
/** Listed for no more than a day after the release. */
const SERVERS = '10 3,15 * * *';
/** Inventories whose bills come from elsewhere. */
const INVENTORIES = '10 3 * * *';
/** Running totals and bills: any later answer repairs what an earlier one did not tell. */
const BILLS = '40 4 */2 * *';
const BILL_STREAMS = [
  'flexmetal.usage',
  'flexvm.clouds',
  'flexvm.monthly_report',
  'flexvm.nodes',
  'openmetal.prefixes',
  'voltage_park.monthly_report',
  'voltage_park.transactions',
];
/** Catalogues, stock and levels: no amount follows from how often they are looked at. */
const CATALOGUES = '20 0 */10 * *';
const CATALOGUE_STREAMS = [
  'fluence.marketplace_offers',
  'fluence.user',
  'flexmetal.locations',
  'flexmetal.plans',
  'flexmetal.quota',
  'flexvm.capacity',
  'flexvm.cloud_capacity',
  'flexvm.instance_types',
  'i3d.invoice_details',
  'i3d.invoices',
  'openmetal.availability',
  'openmetal.locations',
  'openmetal.orders',
  'openmetal.organizations',
  'openmetal.products',
  'voltage_park.bare_metal_locations',
  'voltage_park.hourly_rate',
  'voltage_park.instant_deploy_presets',
  'voltage_park.locations',
  'voltage_park.organization',
  'voltage_park.storage_detail',
  'voltage_park.storage_hourly_rate',
];

/** Every kind of rule: tags, a name, shared, idle and unallocated costs, money back. */
const ALLOCATION = path.resolve(import.meta.dirname, '../../reference/allocation.example.yaml');

const HTTP = {
  connect_timeout_ms: 5_000,
  headers_timeout_ms: PATIENCE_MS,
  body_timeout_ms: PATIENCE_MS,
  attempts_max: 5,
  retry_delay_ms_min: 0,
  retry_delay_ms_max: 1,
  retry_after_ms_max: 1,
  requests_per_second: 100_000,
};

/** Writes the files into `folder` and returns the path of the configuration. */
export async function writeProofConfiguration(
  folder: string,
  simulation: Simulation,
  database: { readonly url: string } | { readonly folder: string },
): Promise<string> {
  const file = await writeDemoFolder(folder, simulation);
  const demo = parse(await readFile(file, 'utf8')) as {
    schedules: Record<string, string>;
    reference: Record<string, unknown>;
  };
  const schedules = Object.fromEntries(
    Object.keys(demo.schedules).map((stream) => [stream, paceOf(stream)]),
  );
  const reference = { ...demo.reference, allocation: ALLOCATION };
  await writeFile(file, stringify({ ...demo, database, schedules, reference, http: HTTP }));
  return file;
}

function paceOf(stream: string): string {
  if (stream === 'fluence.vms') return COUNTERS;
  if (stream === 'flexmetal.servers') return SERVERS;
  if (BILL_STREAMS.includes(stream)) return BILLS;
  return CATALOGUE_STREAMS.includes(stream) ? CATALOGUES : INVENTORIES;
}
