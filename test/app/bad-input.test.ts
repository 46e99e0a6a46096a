/**
 * Goal: a mistake gets one clear line (or a list of lines, all at once), the designed exit code, no
 * stack trace and no secret. Method: the real command line with real servers behind it.
 */
import { expect, test } from 'vitest';
import { startSimulation } from '../../simulator/simulation.ts';
import { cli, configurationFile, simulatedAccounts } from '../support/cli.ts';
import { testDatabase } from '../support/postgres.ts';

const CANARY = 'CANARY-5ecret-never-shown';
const NOW = ['--now', '2026-08-02T00:00:00Z'];

async function simulation() {
  return startSimulation({
    seed: 'bad-input',
    startMs: Date.UTC(2026, 7, 1),
    endMs: Date.UTC(2026, 7, 3),
    scale: 0.2,
    firstPort: 0,
  });
}

test('a configuration file that is not there', async () => {
  const { exitCode, stderr } = await cli(['status', '--config', '/nowhere/meterhouse.yaml']);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^error: cannot read the configuration .* no such file; copy meterhouse/);
});

test('a configuration lists all of its defects, with place and expectation', async () => {
  const config = await configurationFile({
    reporting_currency: 'dollars',
    accounts: [
      { id: 'Not An Id', provider: 'i3d', credentials: { api_key: CANARY } },
      { id: 'vp', provider: 'elsewhere', credentials: {} },
    ],
    schedules: { 'flexmetal.servers': 'every hour' },
    colour: 'green',
  });
  const { exitCode, stderr } = await cli(['status', '--config', config]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('reporting_currency: expected a currency code such as USD');
  expect(stderr).toContain('accounts.0.id: expected lower-case letters, digits and hyphens');
  expect(stderr).toContain('accounts.1.provider:');
  expect(stderr).toContain('schedules.flexmetal.servers: expected a five-field cron expression');
  expect(stderr).toContain('colour: unknown setting');
  expect(stderr).not.toContain(CANARY);
});

test('credentials: missing, unknown, and taken from a variable that is not set', async () => {
  const config = await configurationFile({
    reporting_currency: 'USD',
    accounts: [
      { id: 'a', provider: 'i3d', credentials: { api_kee: CANARY } },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the configuration's own form
      { id: 'b', provider: 'voltage-park', credentials: { token: '${METERHOUSE_TEST_UNSET}' } },
      { id: 'b', provider: 'fluence', credentials: { api_key: CANARY } },
    ],
  });
  const { exitCode, stderr } = await cli(['status', '--config', config]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('accounts.0.credentials.api_key');
  expect(stderr).toContain('accounts.0.credentials.api_kee: unknown setting');
  expect(stderr).toContain('the environment variable METERHOUSE_TEST_UNSET is not set');
  expect(stderr).toContain('accounts.2.id: "b" is used twice');
  expect(stderr).not.toContain(CANARY);
});

test('a wrong key says which account and what to do', async () => {
  const providers = await simulation();
  const { url } = await testDatabase();
  try {
    const [i3d] = simulatedAccounts(providers);
    const config = await configurationFile({
      database: { url },
      reporting_currency: 'USD',
      accounts: [{ ...i3d, credentials: { api_key: CANARY } }],
    });
    const { exitCode, stdout, stderr } = await cli(['collect', '--config', config, ...NOW]);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/^error: account i3d-test: .*(refused|rejected).*\n$/);
    expect(stderr).toContain('credentials');
    expect(stdout + stderr).not.toContain(CANARY);
  } finally {
    await providers.close();
  }
});

test('an unreachable database says so in one line, without its password', async () => {
  const config = await configurationFile({
    database: { url: `postgres://someone:${CANARY}@127.0.0.1:9/nothing` },
    reporting_currency: 'USD',
    accounts: [
      { id: 'a', provider: 'i3d', base_url: 'http://127.0.0.1:9', credentials: { api_key: 'x' } },
    ],
  });
  const { exitCode, stderr } = await cli(['status', '--config', config]);
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(/^error: cannot reach the database at 127\.0\.0\.1:9\/nothing: .*\n$/);
  expect(stderr).not.toContain(CANARY);
});

test('a provider that is not there is named, and the run fails with exit 3', async () => {
  const { url } = await testDatabase();
  const config = await configurationFile({
    database: { url },
    reporting_currency: 'USD',
    accounts: [
      {
        id: 'gone',
        provider: 'fluence',
        base_url: 'http://127.0.0.1:9',
        credentials: { api_key: CANARY },
      },
    ],
    http: { attempts_max: 1 },
  });
  const { exitCode, stderr } = await cli(['collect', '--config', config, ...NOW]);
  expect(exitCode).toBe(3);
  expect(stderr).toContain('account gone');
  expect(stderr).toContain('ECONNREFUSED');
  expect(stderr).not.toContain(CANARY);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test.each([
  [['status', '--month', '2026-13'], '"2026-13" is not a month'],
  [['chargeback', '--month', 'October'], '"October" is not a month'],
  [['chargeback', '--month', '2026-10', '--format', 'csv,ods'], 'there is no format "ods"'],
  [['chargeback'], 'name the month: --month YYYY-MM'],
  [['chargeback', '--month', '2026-10', '--decimal', ',', '--separator', ','], 'a comma cannot be'],
  [['chargeback', 'verify', 'no-such-folder'], 'cannot read the folder no-such-folder'],
  [['collect', 'flexmetal.nothing'], 'there is no stream "flexmetal.nothing"'],
  [['collect', '--account', 'nobody'], 'there is no account "nobody"'],
  [['status', '--now', 'yesterday'], 'expected an instant'],
  [['status', '--now', '2026-11-31'], '2026-11-31 is not a date that exists'],
  [['status', '--now', '2026-11-30T24:00:00Z'], 'is not a date that exists'],
  [['status', '--as-of', '2026-02-29T00:00:00Z'], 'is not a date that exists'],
  [['frobnicate'], 'unknown command'],
])('%j is refused with exit 2', async (argv, message) => {
  const { url } = await testDatabase();
  const config = await configurationFile({
    database: { url },
    reporting_currency: 'USD',
    accounts: [
      { id: 'a', provider: 'i3d', base_url: 'http://127.0.0.1:9', credentials: { api_key: 'x' } },
    ],
  });
  const { exitCode, stderr } = await cli(['--config', config, ...argv]);
  expect(stderr).toContain(message);
  expect(stderr).not.toContain('    at ');
  expect(exitCode).toBe(2);
});

test('reference files list all of their defects with file and line', async () => {
  const { url } = await testDatabase();
  const config = await configurationFile({
    database: { url },
    reporting_currency: 'USD',
    accounts: [
      { id: 'a', provider: 'i3d', base_url: 'http://127.0.0.1:9', credentials: { api_key: 'x' } },
    ],
    reference: { rates: [new URL('./bad-rates.csv', import.meta.url).pathname] },
  });
  const { exitCode, stderr } = await cli(['transform', '--config', config, ...NOW]);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/bad-rates\.csv:2: unit_price must be a plain decimal/);
  expect(stderr).toMatch(/bad-rates\.csv:5: valid_from 2026-02-29 is not a date that exists/);
  expect(stderr).toMatch(/bad-rates\.csv:3: overlaps line 4 \(bm7\.std\.8 in EU: Rotterdam\)/);
});
