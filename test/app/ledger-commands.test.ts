/**
 * Goal: check, explain, close, rebuild and --as-of do what the README says. Method: the real command
 * line on simulated providers with their rate card, over a month's end.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { writeDemoFolder } from '../../app/demo/demo-folder.ts';
import { type Simulation, startSimulation } from '../../simulator/simulation.ts';
import { type CliResult, cli } from '../support/cli.ts';
import { expectExplained, printedLines } from '../support/explained-lines.ts';
import { createFolder, type TemporaryFolder } from '../support/folder.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

const START_MS = Date.UTC(2026, 8, 27);
const FIRST_LOOK = '2026-09-28T06:00:00Z';
const NOW = '2026-10-02T06:00:00Z';

let simulation: Simulation;
let database: TestDatabase;
let folder: TemporaryFolder;
let config: string;

function meterhouse(argv: readonly string[], now = NOW): Promise<CliResult> {
  return cli([...argv, '--config', config, '--now', now]);
}

beforeAll(async () => {
  simulation = await startSimulation({
    seed: 'ledger-commands',
    startMs: START_MS,
    endMs: START_MS + 10 * 86_400_000,
    scale: 0.2,
    firstPort: 0,
  });
  database = await createTestDatabase();
  folder = await createFolder();
  config = await writeDemoFolder(folder.path, simulation);
  const demo = parse(await readFile(config, 'utf8'));
  await writeFile(config, stringify({ ...demo, database: { url: database.url } }));
  for (const now of [FIRST_LOOK, NOW]) {
    simulation.clock.advanceTo(Date.parse(now));
    await meterhouse(['collect'], now);
    await meterhouse(['transform'], now);
  }
});

afterAll(async () => {
  await simulation?.close();
  await database?.close();
  await folder?.remove();
});

describe('explain', () => {
  test('follows a FlexMetal server to its price row and its payloads', async () => {
    const { rows } = await database.pool.query<{ resource_id: string }>(
      `select resource_id from ledger.charge where meter = 'server-hours' order by charge_id limit 1`,
    );
    const id = rows[0]?.resource_id ?? '';
    const asked = ['explain', id.toUpperCase(), '--month', '2026-09'];
    const { exitCode, stdout } = await meterhouse([...asked, '--json']);
    expect(exitCode).toBe(0);
    const explanation = JSON.parse(stdout);
    expect(explanation.charges[0]).toMatchObject({ resource_id: id, meter: 'server-hours' });
    expect(explanation.prices[0]).toMatchObject({ source_file: 'rate-card.csv', unit: 'Hours' });
    expect(explanation.exchange_rates[0]).toMatchObject({ base_currency: 'EUR' });
    expect(explanation.entries[0]).toMatchObject({ reason: 'first entry', is_correction: false });
    expect(explanation.payloads[0].sha256).toMatch(/^[0-9a-f]{64}$/);
    const text = (await meterhouse(asked)).stdout;
    expect(text).toContain('rate-card.csv, line ');
    expect(text).toContain('counted by Meterhouse from the instants that the provider reported');
  });

  test('follows one charge by its key', async () => {
    const { rows } = await database.pool.query<{ charge_key: string }>(
      `select charge_key from ledger.charge where provider = 'fluence' order by charge_id limit 1`,
    );
    const key = rows[0]?.charge_key ?? '';
    const { stdout } = await meterhouse(['explain', key, '--json']);
    const explanation = JSON.parse(stdout);
    expect(explanation.charges).toHaveLength(1);
    expect(explanation.payloads.length).toBeGreaterThan(0);
  });

  test('follows every line of a fleet\u2019s statement to its ledger entries', async () => {
    const lines = await printedLines(database.pool, folder.path, '2026-10');
    expect(lines.length).toBeGreaterThan(50);
    for (const line of lines) await expectExplained(database.pool, line);
  });

  test('says in one line that it knows of no such charge', async () => {
    const { exitCode, stderr } = await meterhouse(['explain', 'nobody', '--month', '2026-09']);
    expect(exitCode).toBe(2);
    expect(stderr).toBe(
      'error: nothing is charged for "nobody" in 2026-09: name a charge key or a resource id as the chargeback files have it\n',
    );
  });
});

test('check holds the ledger against the providers and the warehouse against its claims', async () => {
  const { exitCode, stdout, stderr } = await meterhouse(['check']);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  expect(stdout).toContain('facts equal ledger');
  expect(stdout).toContain('usage report');
});

test('check of a month without data exits 1 with one line', async () => {
  const { exitCode, stdout, stderr } = await meterhouse(['check', '--month', '2025-01']);
  expect(exitCode).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^error: there is no data of 2025-01: [^\n]+\n$/);
});

test('check names what is wrong, and exits 1', async () => {
  await database.pool.query(
    `update mart.fct_cost_daily set billed_cost = billed_cost + 1 where cost_date = '2026-09-30'`,
  );
  const { exitCode, stderr } = await meterhouse(['check', '--json']);
  expect(exitCode).toBe(1);
  expect(stderr).toBe(
    'error: data checks failed: cost_dimensions_equal_facts, facts_equal_ledger\n',
  );
  const { exitCode: rebuilt, stdout } = await meterhouse(['rebuild']);
  expect(rebuilt).toBe(0);
  expect(stdout).toContain('every charge is unchanged');
  expect((await meterhouse(['check'])).exitCode).toBe(0);
});

test('status and chargeback tell what was known at an instant', async () => {
  const status = async (...asOf: string[]): Promise<unknown> =>
    JSON.parse((await meterhouse(['status', '--month', '2026-09', '--json', ...asOf])).stdout);
  const then = await status('--as-of', FIRST_LOOK);
  const now = await status();
  expect(then).toMatchObject({ known_at: '2026-09-28T06:00:00.000Z' });
  expect(now).not.toMatchObject({ providers: (then as { providers: unknown }).providers });
  expect(await status('--as-of', NOW)).toMatchObject({
    providers: (now as { providers: unknown }).providers,
    freshness: (now as { freshness: unknown }).freshness,
  });
});

test('coverage shows the gap between two looks, and that it may hide money', async () => {
  const { stdout } = await meterhouse(['coverage', '--month', '2026-09', '--json']);
  const { streams, gaps } = JSON.parse(stdout);
  expect(streams.length).toBeGreaterThan(30);
  const epochs = gaps.find(
    (gap: { stream: string; is_before_first: boolean }) =>
      gap.stream === 'fluence.vms' && !gap.is_before_first,
  );
  expect(epochs).toMatchObject({
    starts_at: '2026-09-28T09:00:00Z',
    ends_at: '2026-10-02T06:00:00Z',
    is_missing: true,
  });
  const text = (await meterhouse(['coverage', '--month', '2026-09'])).stdout;
  expect(text).toContain('missing: the provider does not report it any more');
  expect(text).toContain('recovered by the next sync');
});

test('close freezes the months in order', async () => {
  const early = await meterhouse(['close', '--month', '2026-10']);
  expect(early.exitCode).toBe(2);
  expect(early.stderr).toBe('error: 2026-10 is not over: it can be closed from 2026-11-01 on\n');
  const { rows } = await database.pool.query<{ month: string }>(
    `select distinct to_char(statement_month, 'YYYY-MM') as month from mart.fct_cost_daily
     where statement_month < '2026-10-01' order by month`,
  );
  for (const { month } of rows) {
    const { exitCode, stdout } = await meterhouse(['close', '--month', month, '--force']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`${month} is closed`);
  }
  expect((await meterhouse(['check'])).exitCode).toBe(0);
});
