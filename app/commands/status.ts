/** `meterhouse status`: what is being spent this month, and how fresh that knowledge is. */
import type pg from 'pg';
import { counted } from '../../foundation/counted.ts';
import { monthOf, monthRange } from '../../foundation/months.ts';
import { type AccountRow, readAccounts } from '../account-list.ts';
import { type Configuration, readConfiguration } from '../config.ts';
import { type Context, present } from '../context.ts';
import { Knowledge } from '../knowledge.ts';
import { formatAmount, table } from '../output.ts';
import { readMonthUncertainty } from '../reconciliation.ts';
import {
  type ProviderSpend,
  spendByProvider,
  spendByTeam,
  type TeamSpend,
  type UnobservedPart,
  unobservedParts,
} from '../spend.ts';
import { readStoredCurrency } from '../stored-currency.ts';
import { openReady } from '../warehouse.ts';
import { uncertaintySection } from './check.ts';

interface Freshness {
  readonly account_id: string;
  readonly streams: number;
  readonly failing: number;
  /** Expected, and without one complete sync so far. */
  readonly never_synced: number;
  readonly quarantined: number;
  readonly oldest_complete_at: string | null;
}

interface Warnings {
  readonly unpriced_resources: number;
  readonly charges_without_exchange_rate: number;
  /** Resources and changes that the transform cannot compute now. */
  readonly set_aside: number;
  /** Products, `budgets` and `reports` that they belong to; null when nothing is set aside. */
  readonly set_aside_of: string | null;
}

/** A kind of reference file that has defects: what it said before is in force. */
interface RefusedFile {
  readonly kind: string;
  readonly files: string;
  readonly since: string;
  readonly taken_at: string;
  readonly reason: string;
}

export async function statusCommand(
  context: Context,
  options: { readonly month: string | undefined; readonly asOfMs: number | null },
): Promise<void> {
  const month = options.month ?? monthOf(options.asOfMs ?? context.clock.nowMs());
  const knowledge = await Knowledge.of(options.asOfMs, monthRange(month));
  const configuration = await readConfiguration(context.configFile, context.environment);
  const warehouse = await openReady(configuration.database);
  try {
    const { pool } = warehouse;
    const providers = await spendByProvider(pool, knowledge);
    const teams = await spendByTeam(pool, knowledge);
    const unobserved = await unobservedParts(pool, knowledge);
    const freshness = await readFreshness(pool, knowledge);
    const warnings = await readWarnings(pool, knowledge);
    const refused = await readRefusedFiles(pool);
    const accounts = await accountsToSettle(pool, configuration);
    const storedCurrency = await readStoredCurrency(pool, configuration.reportingCurrency);
    const clockAt = await readClock(pool, knowledge);
    // Syncs and quarantine of an earlier instant are not kept.
    const uncertainty = options.asOfMs === null ? await readMonthUncertainty(pool, month) : [];
    const currency = storedCurrency;
    present(
      context,
      {
        month,
        known_at: clockAt,
        reporting_currency: currency,
        providers,
        teams,
        unobserved,
        uncertainty,
        freshness,
        accounts_to_settle: accounts,
        ...warnings,
        refused_reference_files: refused,
      },
      () =>
        [
          `Spend in ${month} as known at ${clockAt ?? 'no time: run collect and transform first'}\n\n`,
          providerTable(providers, currency),
          '\n',
          teamTable(teams, currency),
          '\n',
          freshnessTable(freshness),
          ...unobserved.map((part) => unobservedLine(part, month, currency)),
          storedCurrency === configuration.reportingCurrency
            ? ''
            : `\nreporting_currency is ${configuration.reportingCurrency}, and amounts are stored in ${storedCurrency}: run \`meterhouse transform\`\n`,
          ...accounts.map(({ detail }) => `\n${detail ?? ''}\n`),
          ...uncertaintySection(uncertainty, currency),
          ...warningLines(warnings),
          ...refused.map(refusedLine),
        ].join(''),
    );
  } finally {
    await warehouse.close();
  }
}

/** Spend by provider, native and reporting currency side by side, with a total of the latter. */
export function providerTable(rows: readonly ProviderSpend[], currency: string): string {
  return table(rows, [
    { title: 'provider', value: (row) => row.provider },
    { title: 'resources', value: (row) => String(row.resources), align: 'right' },
    { title: 'hours', value: (row) => formatAmount(row.usage_hours, 0), align: 'right' },
    { title: 'GPU-hours', value: (row) => formatAmount(row.gpu_hours, 0), align: 'right' },
    { title: 'billed', value: (row) => formatAmount(row.billed_cost), align: 'right' },
    { title: '', value: (row) => row.billing_currency },
    { title: currency, value: (row) => formatAmount(row.reporting_cost), align: 'right' },
    { title: 'not posted yet', value: (row) => formatAmount(row.accrued_cost), align: 'right' },
    { title: 'may be wrong by', value: (row) => formatAmount(row.uncertainty), align: 'right' },
  ]);
}

export function teamTable(rows: readonly TeamSpend[], currency: string): string {
  return table(rows, [
    { title: 'team', value: (row) => row.team },
    { title: 'GPU-hours', value: (row) => formatAmount(row.gpu_hours, 0), align: 'right' },
    { title: currency, value: (row) => formatAmount(row.reporting_cost), align: 'right' },
  ]);
}

function freshnessTable(rows: readonly Freshness[]): string {
  return table(rows, [
    { title: 'account', value: (row) => row.account_id },
    { title: 'streams', value: (row) => String(row.streams), align: 'right' },
    { title: 'failing', value: (row) => String(row.failing), align: 'right' },
    { title: 'never synced', value: (row) => String(row.never_synced), align: 'right' },
    { title: 'quarantined', value: (row) => String(row.quarantined), align: 'right' },
    { title: 'oldest complete sync', value: (row) => row.oldest_complete_at ?? 'never' },
  ]);
}

function unobservedLine(part: UnobservedPart, month: string, currency: string): string {
  const { account_id, stream, starts_at, ends_at, may_hide_cost, can_be_collected } = part;
  const advice = can_be_collected
    ? `run \`meterhouse collect --since ${month} --account ${account_id}\``
    : 'the provider does not report the past: compare with its own bill';
  const hidden = `up to ${formatAmount(may_hide_cost)} ${currency} may be missing`;
  return `\n${account_id} ${stream} was not observed from ${starts_at} to ${ends_at}: ${hidden}; ${advice}\n`;
}

function warningLines(warnings: Warnings): string[] {
  const lines: string[] = [];
  if (warnings.unpriced_resources > 0) {
    lines.push(
      `\n${counted(warnings.unpriced_resources, 'resource')} with usage that has no price: add the SKU to a rate card\n`,
    );
  }
  if (warnings.charges_without_exchange_rate > 0) {
    lines.push(
      `\n${warnings.charges_without_exchange_rate} charge(s) lack an exchange rate and are missing from the reporting currency\n`,
    );
  }
  if (warnings.set_aside > 0) {
    lines.push(
      `\n${warnings.set_aside} result(s) are set aside (${warnings.set_aside_of}) and stay as they were: \`meterhouse check\` lists them with the reason\n`,
    );
  }
  return lines;
}

async function readFreshness(pool: pg.Pool, knowledge: Knowledge): Promise<Freshness[]> {
  const rows = await knowledge.query<Freshness>(
    pool,
    `select account_id, count(*) as streams, count(*) filter (where last_outcome = 'failed') as failing,
       count(*) filter (where complete_at is null) as never_synced,
       sum(quarantined) as quarantined,
       to_char(min(complete_at), 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as oldest_complete_at
     from known_freshness as stream
     group by account_id
     order by account_id`,
  );
  return rows.map((row) => ({ ...row, quarantined: Number(row.quarantined) }));
}

async function readWarnings(pool: pg.Pool, knowledge: Knowledge): Promise<Warnings> {
  const rows = await knowledge.query<Warnings>(
    pool,
    `select
       count(distinct (account_id, resource_id)) filter (where price_source = 'missing')
         as unpriced_resources,
       count(*) filter (where reporting_cost is null) as charges_without_exchange_rate,
       (select count(*) from mart.rpt_set_aside) as set_aside,
       (
         select string_agg(distinct product collate "C", ', ' order by product collate "C")
         from mart.rpt_set_aside
       ) as set_aside_of
     from known_charge as charge
     where charge_date >= :'from' and charge_date < :'to'`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error('an aggregate gave no row');
  return row;
}

async function readRefusedFiles(pool: pg.Pool): Promise<RefusedFile[]> {
  const { rows } = await pool.query<RefusedFile>(
    `select kind, files, reason,
       to_char(since, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since,
       to_char(taken_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as taken_at
     from mart.rpt_reference_file
     where state = 'refused'
     order by kind collate "C"`,
  );
  return rows;
}

function refusedLine({ kind, since, taken_at, reason }: RefusedFile): string {
  const name = kind.replaceAll('_', ' ');
  return `\nThe ${name} files are refused since ${since}, those of ${taken_at} stay in force: ${reason}\n`;
}

/** Accounts that left the configuration or are refused. */
async function accountsToSettle(
  pool: pg.Pool,
  configuration: Configuration,
): Promise<AccountRow[]> {
  const ids = configuration.accounts.map(({ id }) => id);
  const accounts = await readAccounts(pool, ids);
  return accounts.filter(({ state }) => state === 'left' || state === 'refused');
}

/** The clock of the last transform that could be known; null when there was none. */
async function readClock(pool: pg.Pool, knowledge: Knowledge): Promise<string | null> {
  if (knowledge.asOf !== null) return knowledge.asOf.toISOString();
  const { rows } = await pool.query<{ clock_at: string }>(
    `select to_char(clock_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as clock_at from mart.transform_state`,
  );
  return rows[0]?.clock_at ?? null;
}
