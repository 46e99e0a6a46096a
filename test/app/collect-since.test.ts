/**
 * Goal: a fleet older than its first sync is in doubt, status says up to which amount, and `collect
 * --since` reads what the providers still report and names what cannot be had. Method: the real command
 * line against simulated providers that have run for six weeks.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { writeDemoFolder } from '../../app/demo/demo-folder.ts';
import { type Simulation, startSimulation } from '../../simulator/simulation.ts';
import { type CliResult, cli } from '../support/cli.ts';
import { createFolder, type TemporaryFolder } from '../support/folder.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

const START_MS = Date.UTC(2026, 7, 20);
const FIRST_SYNC = '2026-10-02T06:00:00Z';

let simulation: Simulation;
let database: TestDatabase;
let folder: TemporaryFolder;
let config: string;

const meterhouse = (argv: readonly string[], now = FIRST_SYNC): Promise<CliResult> =>
  cli([...argv, '--config', config, '--now', now]);

/** `stream month` of each part that was not observed. */
async function unobserved(): Promise<string[]> {
  const { rows } = await database.pool.query<{ part: string }>(
    `select stream || ' ' || to_char(starts_at at time zone 'UTC', 'YYYY-MM') as part
     from mart.rpt_coverage_unobserved
     where starts_at >= '2026-07-01Z' and may_hide_cost > 0
     order by 1`,
  );
  return rows.map(({ part }) => part);
}

beforeAll(async () => {
  simulation = await startSimulation({
    seed: 'collect-since',
    startMs: START_MS,
    endMs: START_MS + 50 * 86_400_000,
    scale: 0.05,
    firstPort: 0,
  });
  database = await createTestDatabase();
  folder = await createFolder();
  config = await writeDemoFolder(folder.path, simulation);
  const demo = parse(await readFile(config, 'utf8'));
  await writeFile(config, stringify({ ...demo, database: { url: database.url } }));
  simulation.clock.advanceTo(Date.parse(FIRST_SYNC));
  await meterhouse(['collect']);
  await meterhouse(['transform']);
});

afterAll(async () => {
  await simulation?.close();
  await database?.close();
  await folder?.remove();
});

test('status says what a month may lack, with the amount', async () => {
  const { providers, unobserved: parts } = JSON.parse(
    (await meterhouse(['status', '--month', '2026-08', '--json'])).stdout,
  );
  const fluence = providers.find(({ provider }: { provider: string }) => provider === 'fluence');
  expect(Number(fluence.uncertainty)).toBeGreaterThan(0);
  expect(parts).toContainEqual(
    expect.objectContaining({
      stream: 'fluence.vms',
      starts_at: '2026-08-01T00:00Z',
      ends_at: '2026-09-01T00:00Z',
      can_be_collected: false,
    }),
  );
  const { stdout } = await meterhouse(['status', '--month', '2026-08']);
  expect(stdout).toMatch(
    /fluence\.vms was not observed from 2026-08-01T00:00Z to 2026-09-01T00:00Z: up to [\d,.]+ [A-Z]{3} may be missing/,
  );
  expect(stdout).toContain('run `meterhouse collect --since 2026-08');
});

test('collect --since reads the months before, and says what cannot be had', async () => {
  const before = await unobserved();
  expect(before).toContain('flexvm.monthly_report 2026-08');
  const since = await meterhouse(['collect', '--since', '2026-07', '--json']);
  expect(since.exitCode).toBe(0);
  const { past } = JSON.parse(since.stdout);
  const ofStream = (stream: string): unknown =>
    past.find((row: { stream: string }) => row.stream === stream);
  expect(ofStream('flexvm.monthly_report')).toMatchObject({
    reported_since: '2026-07',
    cannot_be_had: 'nothing since 2026-07',
  });
  expect(ofStream('fluence.vms')).toMatchObject({
    reported_since: null,
    cannot_be_had: 'costs of what had ended 24 h before the first sync',
  });
  await meterhouse(['transform']);
  const after = await unobserved();
  expect(after.filter((part) => part.startsWith('flexvm'))).toEqual([]);
  expect(after).toContain('fluence.vms 2026-08');
});

test('collect --since wants a month of the past, and no --month beside it', async () => {
  const future = await meterhouse(['collect', '--since', '2026-11']);
  expect(future).toMatchObject({
    exitCode: 2,
    stderr: 'error: 2026-11 is in the future: there is nothing to collect yet\n',
  });
  const both = await meterhouse(['collect', '--since', '2026-07', '--month', '2026-08']);
  expect(both).toMatchObject({ exitCode: 2, stderr: 'error: use --since or --month, not both\n' });
});
