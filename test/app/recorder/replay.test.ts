/**
 * Goal: a recording is the account that it was made of, under pseudonyms. Method: collect the
 * simulated providers, and collect what was recorded of them, each into a database of its own; the
 * ledgers come to the same amounts per resource.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { replayConfiguration } from '../../../app/commands/replay.ts';
import { DEMO_ACCOUNTS, writeDemoFolder } from '../../../app/demo/demo-folder.ts';
import { Pseudonyms } from '../../../app/recorder/pseudonyms.ts';
import { readRecording } from '../../../app/recorder/recording.ts';
import { type ReplayServer, startReplay } from '../../../app/recorder/replay-server.ts';
import { findProvider } from '../../../collectors/registry.ts';
import {
  SIMULATED_CREDENTIALS,
  SIMULATED_HOSTS,
  type SimulatedHost,
  type Simulation,
  startSimulation,
} from '../../../simulator/simulation.ts';
import { cli } from '../../support/cli.ts';
import { createFolder, type TemporaryFolder } from '../../support/folder.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 7, 1);
const NOW_MS = START_MS + 45.6 * DAY_MS;
const NOW = new Date(NOW_MS).toISOString();

interface Books {
  readonly database: TestDatabase;
  readonly file: string;
}

let simulation: Simulation;
let folder: TemporaryFolder;
let original: Books;
let replayed: Books;
const servers: ReplayServer[] = [];
const pseudonyms = new Map(
  SIMULATED_HOSTS.map((host) => {
    const credentials = findProvider(host).credentials.parse(SIMULATED_CREDENTIALS[host]);
    return [host, new Pseudonyms(credentials)];
  }),
);

async function run(file: string, ...argv: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await cli(['--config', file, '--now', NOW, ...argv]);
  expect([exitCode, stderr], argv.join(' ')).toEqual([0, '']);
  return stdout;
}

function recordingOf(host: SimulatedHost): string {
  return path.join(folder.path, 'recordings', host);
}

/** The demo's configuration, with a database of the test's own and other accounts. */
async function booksOf(name: string, accounts: unknown): Promise<Books> {
  const database = await createTestDatabase();
  const file = await writeDemoFolder(path.join(folder.path, name), simulation);
  const demo = parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  const own = accounts === null ? {} : { accounts };
  await writeFile(file, stringify({ ...demo, ...own, database: { url: database.url } }));
  return { database, file };
}

/** Contracts are the customer's own: rate card and contracts name them by their pseudonyms. */
async function renameContracts({ file }: Books): Promise<void> {
  const ids = new Set(simulation.contracts().map(({ contractId }) => contractId));
  for (const name of ['rate-card.csv', 'contracts.csv']) {
    const csv = path.join(path.dirname(file), name);
    const lines = (await readFile(csv, 'utf8')).split('\n').map((line) =>
      line
        .split(',')
        .map((field) => (ids.has(field) ? pseudonyms.get('i3d')?.of(field) : field))
        .join(','),
    );
    await writeFile(csv, lines.join('\n'));
  }
}

beforeAll(async () => {
  folder = await createFolder();
  simulation = await startSimulation({
    seed: 'recorded',
    startMs: START_MS,
    endMs: START_MS + 90 * DAY_MS,
    scale: 0.3,
    firstPort: 0,
  });
  simulation.clock.advanceTo(NOW_MS);
  original = await booksOf('original', null);
  for (const host of SIMULATED_HOSTS) {
    const out = ['--out', recordingOf(host)];
    await run(original.file, 'record', '--account', DEMO_ACCOUNTS[host], ...out);
  }
  await run(original.file, 'collect');
  await run(original.file, 'transform');
  const accounts = [];
  for (const host of SIMULATED_HOSTS) {
    const recording = await readRecording(recordingOf(host));
    const server = await startReplay(recordingOf(host), recording, 0);
    servers.push(server);
    const { accounts: own } = replayConfiguration(recording, server.url);
    accounts.push(
      ...(own as Record<string, unknown>[]).map((account) => ({
        ...account,
        id: DEMO_ACCOUNTS[host],
      })),
    );
  }
  replayed = await booksOf('replayed', accounts);
  await renameContracts(replayed);
  await run(replayed.file, 'collect');
  await run(replayed.file, 'transform');
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
  await Promise.all([original, replayed].map(({ database }) => database.close()));
  await simulation.close();
  await folder.remove();
});

interface ResourceCost {
  readonly account_id: string;
  readonly resource_id: string;
  /** Everything else of it, in one text. */
  readonly cost: string;
}

async function costsOf({ database }: Books): Promise<ResourceCost[]> {
  const { rows } = await database.pool.query<ResourceCost>(
    `select account_id, resource_id, concat_ws(' ', provider, meter, billing_currency,
       'days', count(*), 'billed', sum(billed_cost), 'effective', sum(effective_cost),
       'hours', sum(usage_hours), 'quantity', sum(quantity), 'doubt', sum(uncertainty)) as cost
     from mart.fct_cost_daily
     group by account_id, resource_id, provider, meter, billing_currency`,
  );
  return rows;
}

/** Resource ids with the pseudonyms of the parts that the recording has. */
function renamed(
  costs: readonly ResourceCost[],
  recorded: readonly ResourceCost[],
): ResourceCost[] {
  const parts = new Set(recorded.flatMap((row) => row.resource_id.split('/')));
  return costs.map((row) => {
    const host = SIMULATED_HOSTS.find((one) => DEMO_ACCOUNTS[one] === row.account_id) ?? 'i3d';
    const pseudonymOf = (part: string): string => pseudonyms.get(host)?.of(part) ?? part;
    const ids = row.resource_id.split('/').map((part) => {
      return parts.has(pseudonymOf(part)) ? pseudonymOf(part) : part;
    });
    return { ...row, resource_id: ids.join('/') };
  });
}

function sorted(costs: readonly ResourceCost[]): string[] {
  return costs.map((row) => `${row.account_id} ${row.resource_id}: ${row.cost}`).sort();
}

test('a replayed recording comes to the same amounts per resource', async () => {
  const [before, after] = [await costsOf(original), await costsOf(replayed)];
  for (const host of SIMULATED_HOSTS) {
    const ofHost = before.filter((row) => row.account_id === DEMO_ACCOUNTS[host]);
    expect(ofHost.length, host).toBeGreaterThan(3);
  }
  expect(sorted(after)).toEqual(sorted(renamed(before, after)));
  const ids = new Set(before.map((row) => row.resource_id));
  expect(after.filter((row) => ids.has(row.resource_id))).toEqual([]);
});

test('nothing was asked that the recording does not have', () => {
  expect(servers.flatMap(({ unknown }) => [...unknown])).toEqual([]);
});
