/** Goal: the container's health check tells a daemon at work from one that is not. */
import { expect, test } from 'vitest';
import { cli, configurationFile } from '../support/cli.ts';
import { testDatabase } from '../support/postgres.ts';

const ACCOUNT = {
  id: 'a',
  provider: 'fluence',
  base_url: 'http://127.0.0.1:9',
  credentials: { api_key: 'unused' },
};

test('a transform may be two intervals of its schedule old', async () => {
  const database = await testDatabase();
  const healthAt = async (now: string, schedules = {}) => {
    const config = await configurationFile({
      database: { url: database.url },
      reporting_currency: 'USD',
      accounts: [ACCOUNT],
      schedules,
    });
    const { exitCode, stderr } = await cli(['health', '--config', config, '--now', now]);
    return [exitCode, stderr];
  };
  expect(await healthAt('2026-10-01T00:00:00Z')).toEqual([
    1,
    'error: nothing was transformed yet\n',
  ]);
  await database.pool.query(
    `insert into mart.transform_state (clock_at) values ('2026-10-01T00:00:00Z')`,
  );
  expect(await healthAt('2026-10-01T00:20:00Z')).toEqual([0, '']);
  expect(await healthAt('2026-10-01T00:20:01Z')).toEqual([
    1,
    'error: the last transform was at 2026-10-01T00:00:00.000Z\n',
  ]);
  const hourly = { transform: '0 * * * *' };
  expect(await healthAt('2026-10-01T02:00:00Z', hourly)).toEqual([0, '']);
  expect((await healthAt('2026-10-01T02:00:01Z', hourly))[0]).toBe(1);
});

test('a database that is away is told as such', async () => {
  const config = await configurationFile({
    database: { url: 'postgres://nobody@127.0.0.1:1/nowhere' },
    reporting_currency: 'USD',
    accounts: [ACCOUNT],
  });
  const { exitCode, stderr } = await cli(['health', '--config', config]);
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(/cannot reach the database/);
});
