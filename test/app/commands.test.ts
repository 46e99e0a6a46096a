/**
 * Goal: each command does what the README says, for people and for machines. Method: the real
 * command line against simulated providers and a database of the test's own.
 */
import { access, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../../app/cli.ts';
import { type Simulation, startSimulation } from '../../simulator/simulation.ts';
import { cli, configurationFile, simulatedAccounts, temporaryFolder } from '../support/cli.ts';
import { createTestDatabase, type TestDatabase, testDatabase } from '../support/postgres.ts';

const START_MS = Date.UTC(2026, 8, 28);
const NOW = '2026-10-02T06:00:00Z';

let simulation: Simulation;
let database: TestDatabase;
let configuration: Record<string, unknown>;

beforeAll(async () => {
  simulation = await startSimulation({
    seed: 'commands',
    startMs: START_MS,
    endMs: START_MS + 10 * 86_400_000,
    scale: 0.2,
    firstPort: 0,
  });
  simulation.clock.advanceTo(Date.parse(NOW));
  database = await createTestDatabase();
  configuration = {
    database: { url: database.url },
    reporting_currency: 'USD',
    accounts: simulatedAccounts(simulation),
    http: { requests_per_second: 100_000 },
  };
});

afterAll(async () => {
  await simulation?.close();
  await database?.close();
});

describe('the way from a configuration to a chargeback', () => {
  test('doctor finds everything in order', async () => {
    const config = await configurationFile(configuration);
    const { exitCode, stdout, stderr } = await cli(['doctor', '--config', config, '--json']);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    const { findings } = JSON.parse(stdout);
    expect(findings.map((finding: { state: string }) => finding.state)).toEqual(
      Array(12).fill('ok'),
    );
  });

  test('collect lands every stream, transform charges, and both say so', async () => {
    const config = await configurationFile(configuration);
    const collected = await cli(['collect', '--config', config, '--now', NOW, '--json']);
    expect(collected.exitCode).toBe(0);
    const { accounts } = JSON.parse(collected.stdout);
    expect(accounts).toHaveLength(4);
    const again = await cli(['collect', '--due', '--config', config, '--now', NOW, '--json']);
    expect(JSON.parse(again.stdout).accounts).toEqual([]);
    const transformed = await cli(['transform', '--config', config, '--now', NOW, '--json']);
    expect(transformed.exitCode).toBe(0);
    expect(JSON.parse(transformed.stdout).charges_posted).toBeGreaterThan(20);
  });

  test('a month asked for is collected, whatever the current one is', async () => {
    const config = await configurationFile(configuration);
    const argv = ['collect', 'flexvm.monthly_report', '--month', '2026-07', '--config', config];
    const { exitCode, stdout } = await cli([...argv, '--now', NOW, '--json']);
    expect(exitCode).toBe(0);
    const [account] = JSON.parse(stdout).accounts;
    expect(account.sweeps).toMatchObject([{ slice: '2026-07', outcome: 'complete' }]);
  });

  test('status says what is spent, and what it does not know', async () => {
    const config = await configurationFile(configuration);
    const argv = ['status', '--config', config, '--now', NOW];
    const { providers, unpriced_resources: unpriced } = JSON.parse(
      (await cli([...argv, '--json'])).stdout,
    );
    expect(providers.length).toBeGreaterThanOrEqual(4);
    // No rate card is configured: i3D usage has no price, and that is said.
    expect(unpriced).toBeGreaterThan(0);
    const { stdout } = await cli(argv);
    expect(stdout).toContain('with usage that has no price: add the SKU to a rate card');
    expect(stdout).toContain('Spend in 2026-10 as known at 2026-10-02T06:00:00Z');
  });

  test('chargeback writes lines, totals, a journal and a manifest', async () => {
    const config = await configurationFile(configuration);
    const folder = await temporaryFolder();
    const argv = ['chargeback', '--month', '2026-09', '--out', folder, '--config', config];
    const { exitCode } = await cli([...argv, '--format', 'csv', '--now', NOW]);
    expect(exitCode).toBe(0);
    const manifest = JSON.parse(
      await readFile(path.join(folder, 'chargeback-2026-09-manifest.json'), 'utf8'),
    );
    expect(manifest.files.map((file: { name: string }) => file.name)).toEqual([
      'chargeback-2026-09-lines.csv',
      'chargeback-2026-09-teams.csv',
      'chargeback-2026-09-journal.csv',
      'chargeback-2026-09-journal-entries.csv',
    ]);
    const verify = ['chargeback', 'verify', folder, '--config', config, '--now', NOW];
    expect((await cli(verify)).stdout).toBe('2026-09: files, chain and amounts are as sealed\n');
    await writeFile(path.join(folder, 'chargeback-2026-09-teams.csv'), '');
    const { exitCode: found, stdout } = await cli(verify);
    expect(found).toBe(1);
    expect(stdout).toContain('chargeback-2026-09-teams.csv was changed after it was written');
  });

  test('chargeback says which chain a month breaks that is written again, and verify renews it', async () => {
    const config = await configurationFile(configuration);
    const folder = await temporaryFolder();
    const write = (month: string, format: string) =>
      cli([
        ...['chargeback', '--month', month, '--out', folder, '--format', format],
        ...['--config', config, '--now', NOW],
      ]);
    await write('2026-09', 'csv');
    await write('2026-10', 'csv');
    const { stdout } = await write('2026-09', 'json');
    expect(stdout).toContain(
      '2026-10: the manifest names another chargeback-2026-09-manifest.json',
    );
    const verify = ['chargeback', 'verify', folder, '--config', config, '--now', NOW];
    expect((await cli(verify)).exitCode).toBe(1);
    expect(await cli([...verify, '--renew'])).toMatchObject({
      exitCode: 0,
      stdout:
        'the chain of 2026-10 is renewed\n2026-09, 2026-10: files, chain and amounts are as sealed\n',
    });
  });

  test('chargeback of a month without data exits 1 and makes no folder', async () => {
    const config = await configurationFile(configuration);
    const folder = path.join(await temporaryFolder(), 'out');
    const argv = ['chargeback', '--month', '2025-01', '--out', folder, '--config', config];
    const { exitCode, stderr } = await cli([...argv, '--now', NOW]);
    expect(exitCode).toBe(1);
    expect(stderr).toBe('error: nothing is charged in 2025-01: no file is written\n');
    await expect(access(folder)).rejects.toThrow('ENOENT');
  });
});

test('up catches up at once, and stops in good order when asked', async () => {
  const own = await testDatabase();
  const config = await configurationFile({ ...configuration, database: { url: own.url } });
  const stop = new AbortController();
  const running = runCli(['--log-level', 'silent', '--config', config, '--now', NOW, 'up'], {
    environment: {},
    output: { write: () => undefined, isTerminal: false },
    writeError: () => undefined,
    signal: stop.signal,
    isSimulated: true,
  });
  await expect
    .poll(
      async () =>
        (await own.pool.query('select count(*)::integer as count from mart.fct_cost_daily')).rows[0]
          ?.count,
      { timeout: 120_000, interval: 500 },
    )
    .toBeGreaterThan(20);
  stop.abort();
  expect(await running).toBe(0);
});

test('simulate serves the providers until it is stopped, and prints a ready configuration', async () => {
  const stop = new AbortController();
  let written = '';
  const running = runCli(['simulate', '--port', '18411', '--scale', '0.2'], {
    environment: {},
    output: {
      write: (text) => {
        written += text;
      },
      isTerminal: false,
    },
    writeError: () => undefined,
    signal: stop.signal,
    isSimulated: true,
  });
  await expect.poll(() => written).toContain('http://127.0.0.1:18414');
  const answer = await fetch('http://127.0.0.1:18414/v2/inventory/locations');
  expect(answer.status).toBe(200);
  const file = await configurationFile(written);
  const out = path.join(await temporaryFolder(), 'recording');
  const record = ['record', '--account', 'openmetal-demo', '--streams', 'openmetal.clouds'];
  const recorded = await cli(['--config', file, ...record, '--out', out]);
  expect([recorded.exitCode, recorded.stderr]).toEqual([0, '']);
  stop.abort();
  expect(await running).toBe(0);
});

test('the README lists exactly the commands that there are', async () => {
  const readme = await readFile(path.resolve(import.meta.dirname, '../../README.md'), 'utf8');
  const section = readme.slice(readme.indexOf('## Commands'), readme.indexOf('Exit codes:'));
  const listed = [...section.matchAll(/^\| `([a-z]+)/gm)].map((match) => match[1]).sort();
  const { stdout } = await cli(['--help']);
  const offered = [...stdout.slice(stdout.indexOf('Commands:')).matchAll(/^ {2}([a-z]+)/gm)]
    .map((match) => match[1])
    .filter((name) => name !== 'help')
    .sort();
  expect(listed).toEqual(offered);
});
