/**
 * Goal: `meterhouse waste` says what is wasted, by money per month, with the action that ends it and
 * a total in which nothing counts twice. Method: the command line on planted resources.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { cli, configurationFile } from '../support/cli.ts';
import { testDatabase } from '../support/postgres.ts';
import { NOW, Planted } from '../transforms/waste/planted.ts';

/** Nothing is asked of it: the configuration wants one. */
const ACCOUNT = {
  id: 'test-account',
  provider: 'voltage-park',
  base_url: 'http://127.0.0.1:9',
  credentials: { token: 'unused' },
};

let argv: readonly string[];

beforeEach(async () => {
  const database = await testDatabase();
  const connection = await database.pool.connect();
  try {
    await connection.query('insert into mart.transform_state (clock_at) values ($1)', [NOW]);
    const planted = new Planted(connection);
    for (const [id, team, perDay] of [
      ['failed', 'nlp', '24'],
      ['forgotten', 'vision', '48'],
    ] as const) {
      await planted.resource(id, { status: 'failed' });
      await planted.cost(id, { perDay });
      await planted.owner(id, { team });
    }
  } finally {
    connection.release();
  }
  const configuration = {
    database: { url: database.url },
    reporting_currency: 'USD',
    accounts: [ACCOUNT],
  };
  argv = ['waste', '--config', await configurationFile(configuration), '--now', NOW];
});

describe('meterhouse waste', () => {
  test('a table by money per month, the total, and the dearest resources', async () => {
    const { exitCode, stdout, stderr } = await cli(argv);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/2,190\.00 +2 +failed vms are billed +delete the machine, and ask/);
    expect(stdout).toContain('20 detectors found nothing\n');
    expect(stdout).toContain(
      'Total: 2,190.00 USD a month at the present pace, for 2 resources, each counted once',
    );
    expect(stdout).toMatch(/1,460\.00 +forgotten +test-account +vision +2026-10-01 +a sku-1 in/);
  });

  test('of one team only, as one JSON document with exact amounts', async () => {
    const { stdout } = await cli([...argv, '--team', 'nlp', '--json']);
    const { total, detectors, findings } = JSON.parse(stdout);
    expect(total).toEqual({
      cost_per_month: '730',
      resources: 1,
      overlapping_cost_per_month: '730',
    });
    expect(detectors).toHaveLength(21);
    expect(findings).toMatchObject([{ resource_id: 'failed', is_counted: true }]);
  });

  test('a team that there is not is one clear line', async () => {
    const { exitCode, stdout, stderr } = await cli([...argv, '--team', 'nobody']);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toBe('error: no resource is of a team "nobody"\n');
  });
});
