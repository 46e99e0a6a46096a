/**
 * Goal: the `focus` and `focus-check` commands do what the README says, and what they write adds up
 * to the daily costs. Method: the real command line on simulated providers over a month's end.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { writeDemoFolder } from '../../../app/demo/demo-folder.ts';
import { FOCUS_VERSIONS } from '../../../exports/focus/columns.ts';
import { type Simulation, startSimulation } from '../../../simulator/simulation.ts';
import { type CliResult, cli } from '../../support/cli.ts';
import { createFolder, type TemporaryFolder } from '../../support/folder.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { unscaled } from '../unscaled.ts';
import { fileOf, type Row, readRows } from './files.ts';

const START_MS = Date.UTC(2026, 8, 27);
const NOW = '2026-10-02T06:00:00Z';

let simulation: Simulation;
let database: TestDatabase;
let folder: TemporaryFolder;
let config: string;

function meterhouse(argv: readonly string[]): Promise<CliResult> {
  return cli([...argv, '--config', config, '--now', NOW]);
}

beforeAll(async () => {
  simulation = await startSimulation({
    seed: 'focus',
    startMs: START_MS,
    endMs: START_MS + 10 * 86_400_000,
    scale: 0.2,
    firstPort: 0,
  });
  simulation.clock.advanceTo(Date.parse(NOW));
  database = await createTestDatabase();
  folder = await createFolder();
  config = await writeDemoFolder(folder.path, simulation);
  const demo = parse(await readFile(config, 'utf8'));
  await writeFile(config, stringify({ ...demo, database: { url: database.url } }));
  await meterhouse(['collect']);
  await meterhouse(['transform']);
});

afterAll(async () => {
  await simulation?.close();
  await database?.close();
  await folder?.remove();
});

const SCALE = 24;

/** Billed cost by whom the column names (account, team) and native currency, of Cost and Usage rows. */
function billedIn(rows: readonly Row[], column: string): Record<string, bigint> {
  const sums: Record<string, bigint> = {};
  for (const row of rows) {
    const currency = row.x_SettlementAsset ?? row.BillingCurrency;
    const amount = row.x_SettlementAsset === null ? row.BilledCost : row.x_SettlementAmount;
    const key = `${row[column]} ${currency}`;
    sums[key] = (sums[key] ?? 0n) + unscaled(amount ?? '', SCALE);
  }
  return sums;
}

test('every month adds up to the daily costs per account, and to what each team is charged', async () => {
  const { rows } = await database.pool.query<{ month: string; key: string; billed: string }>(
    `select to_char(statement_month, 'YYYY-MM') as month,
       account_id || ' ' || billing_currency as key, sum(billed_cost)::text as billed
     from mart.fct_cost_daily group by 1, 2 order by 1, 2`,
  );
  const { rows: charged } = await database.pool.query<(typeof rows)[number]>(
    `select to_char(statement_month, 'YYYY-MM') as month,
       team || ' ' || billing_currency as key, sum(billed_cost)::text as billed
     from mart.rpt_cost_owned_daily group by 1, 2`,
  );
  const months = [...new Set(rows.map(({ month }) => month))];
  expect(months.length).toBeGreaterThan(1);
  for (const month of months) {
    const out = path.join(folder.path, 'focus');
    const { exitCode, stderr } = await meterhouse(['focus', '--month', month, '--out', out]);
    expect([stderr, exitCode]).toEqual(['', 0]);
    const exported = await readRows(fileOf(out, 'cost-and-usage', month));
    for (const [column, sums] of [
      ['BillingAccountId', rows],
      ['x_Team', charged],
    ] as const) {
      const expected = sums.filter((row) => row.month === month);
      expect(billedIn(exported, column)).toEqual(
        Object.fromEntries(expected.map(({ key, billed }) => [key, unscaled(billed, SCALE)])),
      );
    }
  }
});

test.each(FOCUS_VERSIONS)('FOCUS %s in both formats passes focus-check', async (version) => {
  const out = path.join(folder.path, `focus-${version}`);
  for (const format of ['csv', 'parquet']) {
    const asked = ['focus', '--month', '2026-09', '--version', version, '--format', format];
    const { stdout } = await meterhouse([...asked, '--out', out, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ version, format, is_month_over: true });
  }
  const { exitCode, stdout } = await meterhouse(['focus-check', out]);
  expect(exitCode).toBe(0);
  expect(stdout).toContain(`FOCUS ${version}, 2026-09, csv`);
  expect(stdout).toContain(' pass, 0 fail, ');
});

test('focus-check needs no configuration', async () => {
  const out = path.join(folder.path, 'focus-alone');
  await meterhouse(['focus', '--month', '2026-09', '--out', out]);
  const elsewhere = path.join(folder.path, 'elsewhere');
  await mkdir(elsewhere);
  const home = process.cwd();
  process.chdir(elsewhere);
  try {
    expect(await cli(['focus-check', out])).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await cli(['focus-check', out, '--config', 'mine.yaml'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('cannot read the configuration mine.yaml'),
    });
  } finally {
    process.chdir(home);
  }
});

test('an open month is written and says so', async () => {
  const out = path.join(folder.path, 'open');
  const { stdout } = await meterhouse(['focus', '--month', '2026-10', '--out', out]);
  expect(stdout).toContain('2026-10 is an open billing period: it may still change');
  const periods = await readRows(fileOf(out, 'billing-period', '2026-10'));
  expect(new Set(periods.map((row) => row.BillingPeriodStatus))).toEqual(new Set(['Open']));
});

test('a failed rule is named, and the exit code is 1', async () => {
  const out = path.join(folder.path, 'failed');
  await meterhouse(['focus', '--month', '2026-09', '--version', '1.2', '--out', out]);
  const file = fileOf(out, 'cost-and-usage', '2026-09', '1.2');
  await writeFile(file, (await readFile(file, 'utf8')).replace(',"Usage",', ',"Use",'));
  const { exitCode, stderr, stdout } = await meterhouse(['focus-check', out]);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^error: \d+ rules failed: .*CostAndUsage-ChargeCategory-values/);
  expect(stdout).toContain('row 1: ChargeCategory=Use');
});

test.each([
  [['focus', '--month', '2026-13'], '"2026-13" is not a month'],
  [['focus', '--month', '2026-12'], '2026-12 has not begun: there is nothing to export yet'],
  [['focus', '--month', '2020-01'], 'nothing is charged in 2020-01'],
  [
    ['focus', '--month', '2026-09', '--version', '1.0'],
    'Allowed choices are 1.4, 1.3, 1.2, 1.5-preview',
  ],
  [['focus', '--month', '2026-09', '--format', 'xml'], 'Allowed choices are csv, parquet'],
  [['focus-check', 'nowhere'], 'cannot read the folder nowhere'],
])('%s is refused with one clear line', async (argv, line) => {
  const out = argv[0] === 'focus' ? ['--out', path.join(folder.path, 'refused')] : [];
  const { exitCode, stderr, stdout } = await meterhouse([...argv, ...out]);
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toContain(line);
  expect(await readdir(folder.path)).not.toContain('refused');
});
