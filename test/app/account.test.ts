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
      'account i3d-copy is not charged, since it shares 3 resources with account i3d',
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

describe('an account under another id', () => {
  beforeEach(async () => {
    await collect('2026-10-02T00:00:00Z');
    await at('2026-10-02T00:00:00Z', 'transform');
    await configure({ accounts: [account('i3d-main')] });
    await collect('2026-10-02T01:00:00Z');
  });

  test('is not charged beside the old one, which ends with its last sync: 18 EUR by the 12th', async () => {
    await at('2026-10-12T00:00:00Z', 'transform');
    expect(await billed()).toEqual({ i3d: '18' });
    const status = await at('2026-10-12T00:00:00Z', 'status');
    expect(status.stdout).toContain(
      'account i3d is not in the configuration and is not charged after its last sync: run `meterhouse account retire i3d --at INSTANT`',
    );
    expect(status.stdout).toContain(`account i3d-main ${REFUSED} i3d-main\``);
    const check = await at('2026-10-12T00:00:00Z', 'check');
    expect(check.exitCode).toBe(1);
    expect(check.stderr).toContain('every_account_is_settled');
  });

  test('goes on after account rename: 198 EUR by the 12th, all under the new id', async () => {
    const renamed = await at('2026-10-02T01:00:00Z', 'account', 'rename', 'i3d', 'i3d-main');
    expect(renamed.stderr).toBe('');
    expect(renamed.stdout).toContain('i3d goes on as i3d-main');
    expect((await collect('2026-10-02T02:00:00Z')).exitCode).toBe(0);
    await at('2026-10-12T00:00:00Z', 'transform');
    expect(await billed()).toEqual({ 'i3d-main': '198' });
    await at('2026-10-12T00:00:00Z', 'rebuild', '--discard-history');
    expect(await billed()).toEqual({ 'i3d-main': '198' });
  });

  test('goes on after account retire: 198 EUR by the 12th, each id with its hours', async () => {
    const retired = await at(
      '2026-10-02T01:00:00Z',
      'account',
      'retire',
      'i3d',
      '--at',
      '2026-10-02T00:30:00Z',
    );
    expect(retired.stderr).toBe('');
    expect(await billed()).toEqual({ i3d: '18.75' });
    expect((await collect('2026-10-02T02:00:00Z')).exitCode).toBe(0);
    await at('2026-10-12T00:00:00Z', 'transform');
    expect(await billed()).toEqual({ i3d: '18.75', 'i3d-main': '179.25' });
    await at('2026-10-12T00:00:00Z', 'transform', '--full');
    expect(await billed()).toEqual({ i3d: '18.75', 'i3d-main': '179.25' });
  });
});

test('a month that was closed under the old id stays as stated, and counts once', async () => {
  await collect('2026-11-02T00:00:00Z');
  await at('2026-11-02T00:00:00Z', 'transform');
  const close = await at('2026-11-02T00:00:00Z', 'close', '--month', '2026-10', '--force');
  expect(close.exitCode).toBe(0);
  await configure({ accounts: [account('i3d-main')] });
  await at('2026-11-02T01:00:00Z', 'account', 'rename', 'i3d', 'i3d-main');
  await collect('2026-11-02T02:00:00Z');
  await at('2026-11-03T00:00:00Z', 'transform');
  // October: 3 x 744 h x 0.25; the first two days of November: 3 x 48 h x 0.25.
  const expected = { i3d: '558', 'i3d-main': '36' };
  expect(await billed()).toEqual(expected);
  await at('2026-11-03T00:00:00Z', 'transform', '--full');
  expect(await billed()).toEqual(expected);
  const { rows } = await database.pool.query(
    `select distinct entry, account_id, reason from ledger.charge where charge_date >= '2026-11-01' order by 1, 2`,
  );
  expect(rows).toContainEqual({
    entry: 'reversal',
    account_id: 'i3d',
    reason: 'account renamed to i3d-main',
  });
  await at('2026-11-03T00:00:00Z', 'rebuild', '--discard-history');
  expect(await billed()).toEqual(expected);
});

describe('another reporting currency', () => {
  const reported = async (): Promise<unknown> =>
    (
      await database.pool.query(
        `select to_char(statement_month, 'YYYY-MM') as month,
           trim_scale(sum(reporting_cost))::text as facts,
           (select trim_scale(sum(reporting_cost))::text from mart.cost_dimension_daily as rolled
            where rolled.statement_month = fact.statement_month) as rolled
         from mart.fct_cost_daily as fact group by statement_month order by 1`,
      )
    ).rows;

  test('computes the open months again: 558.00 EUR for October', async () => {
    await collect('2026-10-03T06:00:00Z');
    await at('2026-10-03T06:00:00Z', 'transform');
    await configure({ reporting_currency: 'EUR' });
    const early = await at('2026-10-03T06:00:00Z', 'status');
    expect(early.stdout).toContain('amounts are stored in USD: run `meterhouse transform`');
    // Until then every command names the currency that its amounts are in.
    const output = async (...argv: string[]): Promise<string> =>
      (await at('2026-10-03T06:00:00Z', ...argv)).stdout;
    expect(await output('allocate')).toMatch(/resources +USD\n/);
    expect(await output('explain', 'A')).toMatch(/ USD +may be wrong by/);
    expect(await output('explain', 'A')).toContain('1 EUR = 1.2 USD from 2026-01-01');
    expect(JSON.parse(await output('waste', '--json'))).toHaveProperty('reporting_currency', 'USD');
    await at('2026-11-01T00:00:00Z', 'transform');
    expect(await reported()).toEqual([{ month: '2026-10', facts: '558', rolled: '558' }]);
    const check = await at('2026-11-01T00:00:00Z', 'check', '--json');
    const { claims } = JSON.parse(check.stdout);
    const broken = claims.filter(
      ({ kind, offenders }: { kind: string; offenders: number }) =>
        kind === 'claim' && offenders > 0,
    );
    expect(broken).toEqual([]);
  });

  // October stays 558 x 1.2 = 669.60 USD. 0.30 EUR instead of 0.25 from the 31st on: 3 x 24 h x 0.05 =
  // 3.60 EUR of October are stated in November, beside its own 3 x 25 h x 0.30 = 22.50 EUR.
  test('a closed month keeps its own, and what is restated of it counts in the new one', async () => {
    await collect('2026-11-02T00:00:00Z');
    await at('2026-11-02T00:00:00Z', 'transform');
    await at('2026-11-02T00:00:00Z', 'close', '--month', '2026-10', '--force');
    await configure({ reporting_currency: 'EUR' });
    await at('2026-11-02T00:00:00Z', 'transform');
    const october = { month: '2026-10', facts: '669.6', rolled: '669.6' };
    expect(await reported()).toEqual([october, { month: '2026-11', facts: '18', rolled: '18' }]);
    await at('2026-11-02T01:00:00Z', 'transform', '--full');
    await writeFile(
      path.join(path.dirname(config), 'rates.csv'),
      'provider,account,sku,region,contract_id,unit,unit_price,list_unit_price,currency,valid_from,valid_to\n' +
        'i3d-flexmetal,,bm7.std.8,EU: Rotterdam,,Hours,0.25,,EUR,2026-01-01,2026-10-31\n' +
        'i3d-flexmetal,,bm7.std.8,EU: Rotterdam,,Hours,0.30,,EUR,2026-10-31,\n',
    );
    await at('2026-11-02T01:00:00Z', 'transform');
    expect(await reported()).toEqual([
      october,
      { month: '2026-11', facts: '26.1', rolled: '26.1' },
    ]);
  });
});
