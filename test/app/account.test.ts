/**
 * Goal: the same customer never enters twice, under whatever account id. Method: the real command
 * line, a fake i3D that lists three servers, and sums by hand: 3 x 0.25 EUR per hour since 1 October.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { type CliResult, cli, temporaryFolder } from '../support/cli.ts';
import { FakeApi } from '../support/fake-api.ts';
import { type TestDatabase, testDatabase } from '../support/postgres.ts';

const DELIVERED = Date.UTC(2026, 9, 1) / 1000;

let database: TestDatabase;
let api: FakeApi;
let config: string;

const server = (uuid: string): Record<string, unknown> => ({
  uuid,
  name: uuid,
  status: 'delivered',
  statusMessage: 'OK',
  location: { id: 18, name: 'EU: Rotterdam' },
  instanceType: { id: 129, name: 'bm7.std.8' },
  os: { slug: 'u' },
  ipAddresses: [],
  tags: [],
  createdAt: DELIVERED - 600,
  deliveredAt: DELIVERED,
  releasedAt: null,
  contractId: '',
});

const account = (id: string, key = 'k'): Record<string, unknown> => ({
  id,
  provider: 'i3d',
  base_url: api.baseUrl,
  credentials: { api_key: key },
});

async function configure(change: Record<string, unknown>): Promise<void> {
  const former = parse(await readFile(config, 'utf8').catch(() => '{}'));
  await writeFile(config, stringify({ ...former, ...change }));
}

const at = (now: string, ...argv: string[]): Promise<CliResult> =>
  cli([...argv, '--config', config, '--now', now]);
const collect = (now: string): Promise<CliResult> => at(now, 'collect', 'flexmetal.servers');

/** Billed cost by account, as the daily facts and the ledger (with accruals) have it. */
async function billed(): Promise<Record<string, string>> {
  const { rows } = await database.pool.query<{ account_id: string; facts: string; known: string }>(
    `select account_id, trim_scale(sum(billed_cost))::text as facts,
       (select trim_scale(sum(known.billed_cost))::text from intermediate.known_charge as known
        where known.account_id = fact.account_id) as known
     from mart.fct_cost_daily as fact group by account_id having sum(billed_cost) <> 0`,
  );
  for (const { facts, known } of rows) expect(facts).toBe(known);
  return Object.fromEntries(rows.map(({ account_id: id, facts }) => [id, facts]));
}

beforeEach(async ({ onTestFinished }) => {
  database = await testDatabase();
  api = await FakeApi.start();
  onTestFinished(() => api.close());
  api.route('/v3/flexMetal/servers', () => ({ body: ['A', 'B', 'C'].map(server) }));
  const folder = await temporaryFolder();
  config = path.join(folder, 'meterhouse.yaml');
  await writeFile(
    path.join(folder, 'rates.csv'),
    'provider,account,sku,region,contract_id,unit,unit_price,list_unit_price,currency,valid_from,valid_to\n' +
      'i3d-flexmetal,,bm7.std.8,EU: Rotterdam,,Hours,0.25,,EUR,2026-01-01,\n',
  );
  await writeFile(
    path.join(folder, 'fx.csv'),
    'base,quote,valid_from,rate,source\nEUR,USD,2026-01-01,1.2,test\nUSD,EUR,2026-01-01,0.8,test\n',
  );
  await configure({
    database: { url: database.url },
    reporting_currency: 'USD',
    http: { requests_per_second: 1000, attempts_max: 1 },
    accounts: [account('i3d')],
    reference: { rates: ['rates.csv'], exchange_rates: ['fx.csv'] },
  });
});

const REFUSED =
  'is not charged, since it has the same key as account i3d: run `meterhouse account rename i3d';

describe('a second account of the same customer is refused', () => {
  test('the same key in two accounts: 18 EUR once, doctor and collect name both', async () => {
    await configure({ accounts: [account('i3d'), account('i3d-copy')] });
    const doctor = await at('2026-10-02T00:00:00Z', 'doctor');
    expect(doctor.stdout).toContain(`account i3d-copy ${REFUSED}`);
    expect(doctor.exitCode).not.toBe(0);
    const collected = await collect('2026-10-02T00:00:00Z');
    expect(collected.exitCode).toBe(2);
    expect(collected.stderr).toContain(`account i3d-copy ${REFUSED} i3d-copy\``);
    await at('2026-10-02T00:00:00Z', 'transform');
    expect(await billed()).toEqual({ i3d: '18' });
    const { rows } = await database.pool.query('select distinct account_id from landing.sweep');
    expect(rows).toEqual([{ account_id: 'i3d' }]);
  });

  test('another key, the same servers: 18 EUR once, what landed waits', async () => {
    await collect('2026-10-01T12:00:00Z');
    await configure({ accounts: [account('i3d'), account('i3d-copy', 'other')] });
    const collected = await collect('2026-10-02T00:00:00Z');
    expect(collected.stderr).toContain(
      'account i3d-copy is not charged, since it shares 3 resource(s) with account i3d',
    );
    await at('2026-10-02T00:00:00Z', 'transform');
    expect(await billed()).toEqual({ i3d: '18' });
    await at('2026-10-02T01:00:00Z', 'transform', '--full');
    expect(await billed()).toEqual({ i3d: '18.75' });
  });

  test('the key itself is nowhere in the database', async () => {
    await configure({ accounts: [account('i3d', 'CANARY-key')] });
    await collect('2026-10-02T00:00:00Z');
    const { rows } = await database.pool.query<{ kind: string; row: string }>(
      'select kind, to_jsonb(held)::text as row from landing.account_identity as held',
    );
    expect(rows).toMatchObject([{ kind: 'key' }]);
    expect(rows[0]?.row).not.toContain('CANARY');
  });

  test('two accounts with keys and servers of their own are both charged', async () => {
    await configure({ accounts: [account('i3d'), account('i3d-two', 'two')] });
    api.route('/v3/flexMetal/servers', ({ headers }) => ({
      body: (JSON.stringify(headers).includes('two') ? ['D'] : ['A', 'B', 'C']).map(server),
    }));
    expect((await collect('2026-10-02T00:00:00Z')).exitCode).toBe(0);
    await at('2026-10-02T00:00:00Z', 'transform');
    expect(await billed()).toEqual({ i3d: '18', 'i3d-two': '6' });
  });
});
