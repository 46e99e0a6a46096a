/**
 * Goal: `utilisation` shows the parts of what is paid, by resource, team and fleet. Method: the real command line
 * on a warehouse with one machine whose use was collected over HTTP.
 */
import { expect, test } from 'vitest';
import { cli, configurationFile } from '../support/cli.ts';
import { testDatabase } from '../support/postgres.ts';
import {
  ACTIVE,
  always,
  collected,
  METRICS_ACCOUNT,
  matrix,
  NOW,
  paidMachine,
  servedMetrics,
} from '../transforms/utilisation/world.ts';

test('utilisation shows hours, cost and the price of an active hour, and says how much is matched', async () => {
  const { pool, url } = await testDatabase();
  await paidMachine(pool, { id: 'm-1', name: 'alpha', gpus: 2, cost: '96' });
  const labels = { host: 'alpha', gpu: '0' };
  const stray = { labels: { host: 'omega', gpu: '0' }, values: always('0') };
  const api = await servedMetrics({
    [ACTIVE.query]: matrix([{ labels, values: always('25') }, stray]),
  });
  await collected(pool, api, [ACTIVE]);
  const account = { id: METRICS_ACCOUNT, provider: 'prometheus', credentials: {} };
  const config = await configurationFile({
    database: { url },
    reporting_currency: 'USD',
    accounts: [{ ...account, base_url: api.baseUrl, metrics: [ACTIVE] }],
  });
  const argv = ['utilisation', '--config', config, '--now', NOW];
  const { exitCode, stdout } = await cli([...argv, '--by', 'fleet', '--json']);
  expect(exitCode).toBe(0);
  // GPU 0: 6 of 24 h active; GPU 1 unknown. 96 / 48 = 2 per paid hour; 48 / 6 = 8 per active one.
  expect(JSON.parse(stdout)).toMatchObject({
    use: [
      {
        name: 'all',
        paid_hours: '48',
        active_hours: '6',
        allocated_idle_hours: '18',
        unknown_hours: '24',
        active_cost: '12',
        allocated_idle_cost: '36',
        unknown_cost: '48',
        active_percent: '25.0',
        cost_per_paid_hour: '2.0000',
        cost_per_active_hour: '8.0000',
      },
    ],
    metrics: [{ metric: 'gpu_active', series: 2, matched: 1, values: 48, not_finite: 0 }],
  });
  const shown = await cli(argv);
  expect(shown.stdout).toContain('labels of some series name no resource, or several');
});

test('utilisation without metrics says what to declare', async () => {
  const { url } = await testDatabase();
  const account = {
    id: 'a',
    provider: 'prometheus',
    base_url: 'http://127.0.0.1:9',
    credentials: {},
  };
  const config = await configurationFile({
    database: { url },
    reporting_currency: 'USD',
    accounts: [account],
  });
  const { exitCode, stderr } = await cli(['utilisation', '--config', config]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('no account declares metrics: add an account of provider prometheus');
});
