/**
 * Goal: the commands print what the marts say, and one clear line for what they cannot do. Method:
 * the real command line on a planted warehouse.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CliResult, cli, configurationFile } from '../../support/cli.ts';
import { createPlantedProduct, plant, transformAt } from '../../support/planted-product.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { dailyCharges, plantResources } from './warehouse.ts';

const NOW = '2026-11-02T00:00:00Z';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await createPlantedProduct(database.pool);
  await plantResources(database.pool, [{ resource: 'a', from: '2026-08-01Z', team: 'nlp' }]);
  const charges = dailyCharges('a', '2026-09-01', '2026-11-02', '10');
  await plant(
    database.pool,
    charges.map((charge) =>
      charge.key.endsWith('2026-10-30') ? { ...charge, quantity: '72' } : charge,
    ),
  );
  await transformAt(database.pool, NOW);
});

afterAll(() => database?.close());

async function meterhouse(...argv: string[]): Promise<CliResult> {
  const config = await configurationFile({
    database: { url: database.url },
    reporting_currency: 'USD',
    accounts: [
      {
        id: 'x',
        provider: 'fluence',
        base_url: 'http://127.0.0.1:9',
        credentials: { api_key: 'x' },
      },
    ],
  });
  return cli([...argv, '--config', config, '--now', NOW]);
}

describe('forecast', () => {
  // A day is charged, 29 are to come, at 240.
  test('prints a scope with its band', async () => {
    const { exitCode, stdout, stderr } = await meterhouse('forecast', '--scope', 'team=nlp');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('2026-11 at its end, in USD');
    expect(stdout).toMatch(/team +nlp +240\.00 +6,960\.00 +0\.00 +7,200\.00 +7,200\.00 +7,200\.00/);
  });

  test('prints what a month that is over came to', async () => {
    const { stdout } = await meterhouse('forecast', '--month', '2026-10', '--json');
    const rows: { scope_kind: string; forecast_cost: string; method: string }[] =
      JSON.parse(stdout);
    expect(rows).toHaveLength(8);
    expect(rows[0]).toMatchObject({
      scope_kind: 'total',
      forecast_cost: '7920',
      method: 'month is over',
    });
  });

  test('says in one line what it does not know', async () => {
    const { exitCode, stderr } = await meterhouse('forecast', '--scope', 'team=nobody');
    expect(exitCode).toBe(2);
    expect(stderr).toBe(
      'error: there is no forecast of team "nobody" for 2026-11: see `meterhouse forecast`\n',
    );
    const badKind = await meterhouse('forecast', '--scope', 'planet=mars');
    expect(badKind.exitCode).toBe(2);
    expect(badKind.stderr).toContain('expected kind=value, the kind one of total, provider');
    expect((await meterhouse('forecast', '--backtest', '--months', '0')).exitCode).toBe(2);
  });

  test('prints its backtest by day and scope, and where it is no better', async () => {
    const { exitCode, stdout } = await meterhouse('forecast', '--backtest', '--months', '1');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('every midnight from 2026-10-01 to 2026-10-31');
    expect(stdout).toMatch(/\n31 +8 +\d+\.\d\/\d+\.\d\/\d+\.\d +/);
    expect(stdout).toMatch(/\nteam +31 /);
    expect(stdout).toContain('scope total: no better on average than the flat mean');
  });
});

describe('anomalies', () => {
  test('prints the days with unusual cost', async () => {
    const { exitCode, stdout } = await meterhouse('anomalies');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Days since 2026-10-19 with unusual cost, in USD');
    expect(stdout).toMatch(/2026-10-30 +team +nlp +240\.00 +720\.00 +up +96\.00 +25\.00/);
  });

  test('says so when none does', async () => {
    const { stdout } = await meterhouse('anomalies', '--since', '2026-10-31');
    expect(stdout).toBe('No day since 2026-10-31 has an unusual cost.\n');
  });
});
