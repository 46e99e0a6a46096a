/**
 * Goal: no money is lost or made between a provider's answer and the exported file. Method: random
 * fleets with hostile team names land, are transformed at random polls and exported; sums at every
 * stage against blocks and epochs counted one by one.
 */
import * as fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFolder, type TemporaryFolder } from '../support/folder.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { addUnits, linesOf, unitsOf } from './decimal.ts';
import { emptyWarehouse } from './empty-warehouse.ts';
import { chargeback, type Fleet, fleet, liveThrough, transform } from './fleet-warehouse.ts';
import { epochsBegun, sumOf } from './fluence-machines.ts';
import { hold } from './hold.ts';
import { blockStarts, type PriceSpan, priceAt } from './i3d-lives.ts';

/** Every month in which a generated fleet can cost anything. */
const MONTHS = ['2026-09', '2026-10', '2026-11'];
const UNITS_PER_MICRO = 1000n;
/** Its name begins with a line feed, which a file leads with an apostrophe. */
const LINE_FEED_TEAM: Fleet = {
  servers: [
    {
      id: 'server-machine-0',
      startMs: Date.parse('2026-10-25T02:22:19Z'),
      endMs: Date.parse('2026-10-26T05:43:45Z'),
      team: '\n\u{53cbc}',
    },
  ],
  vms: [],
  serverPrices: [{ fromMs: Date.parse('2020-01-01'), price: '3.9' }],
  vmPrices: [{ fromMs: Date.parse('2020-01-01'), price: '0.25' }],
  machines: [],
  polls: [Date.parse('2026-10-25T06:00:00Z'), Date.parse('2026-10-28T00:00:00Z')],
  isTransformed: [true, true, true, true],
};

let database: TestDatabase;
let pool: pg.Pool;
let folder: TemporaryFolder;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = database.pool;
  folder = await createFolder();
});
afterAll(async () => {
  await database.close();
  await folder.remove();
});

interface Owed {
  /** `account currency` */
  readonly byAccount: Map<string, bigint>;
  /** `team currency`, the team as the files write it. */
  readonly byTeam: Map<string, bigint>;
}

/** What the fleet owes at its last poll. */
function owedBy({ servers, vms, serverPrices, vmPrices, machines, polls }: Fleet): Owed {
  const nowMs = polls.at(-1) ?? 0;
  const owed: Owed = { byAccount: new Map(), byTeam: new Map() };
  const priced: [Fleet['servers'], readonly PriceSpan[]][] = [
    [servers, serverPrices],
    [vms, vmPrices],
  ];
  for (const [lives, spans] of priced) {
    for (const life of lives) {
      for (const ms of blockStarts(life, nowMs)) {
        const cost = unitsOf(priceAt(spans, ms));
        addUnits(owed.byAccount, 'i3d-main EUR', cost);
        addUnits(owed.byTeam, `${writtenTeam(life.team)} EUR`, cost);
      }
    }
  }
  for (const machine of machines) {
    const cost = sumOf(epochsBegun(machine, nowMs)) * UNITS_PER_MICRO;
    addUnits(owed.byAccount, 'fluence-main USDC', cost);
    addUnits(owed.byTeam, '(no team) USDC', cost);
  }
  return owed;
}

/** What a spreadsheet would run as a formula is led by one apostrophe more than it has. */
function writtenTeam(team: string): string {
  if (team === '') return '(no team)';
  return /^'*[=+\-@\t\r\n\uff0b\uff0d\uff1d\uff20]/.test(team) ? `'${team}` : team;
}

/** Sums of a relation's cost by account and currency. */
async function sumsOf(relation: string, column: string): Promise<Map<string, bigint>> {
  const { rows } = await pool.query<{ key: string; cost: string }>(
    `select account_id || ' ' || billing_currency as key, sum(${column}) as cost
     from ${relation} group by account_id, billing_currency`,
  );
  return new Map(rows.map(({ key, cost }) => [key, unitsOf(cost)]));
}

/** The files of all months: sums by account and by team, reporting sums, and the manifests' totals. */
async function exported() {
  const byAccount = new Map<string, bigint>();
  const byTeam = new Map<string, bigint>();
  const byTeamOfLines = new Map<string, bigint>();
  const totals = new Map<string, bigint>();
  const reporting = new Map<string, bigint>();
  const { rows } = await pool.query<{ month: string }>(
    `select distinct to_char(statement_month, 'YYYY-MM') as month from mart.fct_cost_daily`,
  );
  // A month without cost has no files.
  for (const month of MONTHS.filter((name) => rows.some((row) => row.month === name))) {
    const read = await chargeback(pool, month, folder.path);
    for (const line of read.lines) {
      const billed = unitsOf(line.billed_cost ?? '');
      addUnits(byAccount, `${line.account_id} ${line.billing_currency}`, billed);
      addUnits(byTeamOfLines, `${line.team} ${line.billing_currency}`, billed);
      const key = `${line.account_id} ${line.billing_currency}`;
      addUnits(reporting, key, unitsOf(line.reporting_cost ?? ''));
    }
    for (const row of read.teams) {
      const key = `${row.team} ${row.billing_currency}`;
      addUnits(byTeam, key, unitsOf(row.billed_cost ?? ''));
    }
    for (const total of read.totals) {
      addUnits(totals, total.billing_currency, unitsOf(total.billed_cost));
    }
  }
  return { byAccount, byTeam, byTeamOfLines, totals, reporting };
}

function byCurrency(sums: ReadonlyMap<string, bigint>): Map<string, bigint> {
  const totals = new Map<string, bigint>();
  for (const [key, units] of sums) addUnits(totals, key.split(' ').at(-1) ?? '', units);
  return totals;
}

test('landing, ledger, facts and files hold the same money per account, team and currency', async () => {
  await hold(
    fc.asyncProperty(fleet, async (one) => {
      await emptyWarehouse(pool);
      await liveThrough(pool, one);
      const owed = owedBy(one);
      const account = linesOf(owed.byAccount);
      expect(linesOf(await sumsOf('intermediate.known_charge', 'billed_cost'))).toEqual(account);
      expect(linesOf(await sumsOf('mart.fct_cost_daily', 'billed_cost'))).toEqual(account);

      const files = await exported();
      expect(linesOf(files.byAccount)).toEqual(account);
      expect(linesOf(files.byTeam)).toEqual(linesOf(owed.byTeam));
      expect(linesOf(files.byTeamOfLines)).toEqual(linesOf(owed.byTeam));
      expect(linesOf(files.totals)).toEqual(linesOf(byCurrency(owed.byAccount)));
      const reported = await sumsOf('intermediate.known_charge', 'reporting_cost');
      expect(linesOf(files.reporting)).toEqual(linesOf(reported));

      const again = await transform(pool, one, one.polls.at(-1) ?? 0, true);
      expect(again).toMatchObject({ chargesPosted: 0, chargesReversed: 0, accrualsWritten: 0 });
    }),
    6,
    [[LINE_FEED_TEAM]],
  );
});
