/** One statement page per team. */
import { createHash } from 'node:crypto';
import type pg from 'pg';
import { dayOf, monthBefore, monthRange } from '../../foundation/months.ts';
import { safeNamePart } from '../formats/file-name.ts';
import { FileOutput } from '../formats/file-output.ts';
import type { FileSet } from '../formats/file-set.ts';
import { rounded } from '../formats/minor-units.ts';
import { type Resolve, Snapshot } from '../snapshot.ts';
import { decimalsOf } from './currency-decimals.ts';
import type { StatementEntry, StatementInvoice, Summary } from './manifest.ts';
import type { ChangeRow, Changes } from './statement-changes.ts';
import type { DayRow, ServiceRow } from './statement-charts.ts';
import { statementPage, type TeamRow } from './statement-page.ts';
import type { StatementSettings } from './statement-settings.ts';
import type { CostRow, LineRow } from './statement-tables.ts';

/** Lines on a page; the rest is summed, and stands in the lines file. */
const LINES_MAX = 250;
/** Reasons for a changed cost that a page names; the rest is summed. */
const REASONS_MAX = 5;
const DAY_MS = 86_400_000;

export interface StatementUse {
  readonly prefix: string;
  readonly summary: Summary;
  readonly settings: StatementSettings;
  /** Reads the month before; null when it has no amounts in the reporting currency. */
  readonly resolveBefore: Resolve | null;
}

export function teamPageName(prefix: string, team: string): string {
  return `${prefix}team-${safeNamePart(team)}.html`;
}

/** The same for a team and month in every run; versions of a statement share it. */
export function statementNumber(month: string, team: string): string {
  const digest = createHash('sha256').update(team).digest('hex').slice(0, 8);
  return `ST-${month.replace('-', '')}-${digest}`;
}

export async function writeStatements(
  snapshot: Snapshot,
  files: FileSet,
  use: StatementUse,
): Promise<StatementEntry[]> {
  const { prefix, summary } = use;
  await snapshot.keep('chargeback_day', 'statement_days');
  await snapshot.connection.query('create index chargeback_day_team on chargeback_day (team)');
  await keepChanges(snapshot, use);
  const entries: StatementEntry[] = [];
  for (const team of await snapshot.rows<TeamRow>('statement_total')) {
    const number = statementNumber(summary.month, team.team);
    const name = teamPageName(prefix, team.team);
    const page = await pageOf(snapshot, team, number, use);
    await files.add(name, (file) =>
      FileOutput.writeFile(file, async (output) => {
        await output.writeText(page);
        return team.lines;
      }),
    );
    entries.push({ team: team.team, number, file: name, reporting_cost: team.reporting_cost });
  }
  return entries;
}

/** Keeps the lines of the month before, and why each team's cost is another one now. */
async function keepChanges(
  snapshot: Snapshot,
  { summary, resolveBefore }: StatementUse,
): Promise<void> {
  const { connection } = snapshot;
  if (resolveBefore === null) {
    await connection.query(
      'create temporary table chargeback_line_before on commit drop as select * from chargeback_line limit 0',
    );
  } else {
    const before = {
      month: monthBefore(summary.month),
      reporting_currency: summary.reporting_currency,
    };
    await new Snapshot(connection, 'exports/chargeback', before, resolveBefore).keep(
      'chargeback_line_before',
      'lines',
    );
  }
  await snapshot.keep('chargeback_change', 'statement_changes');
  await connection.query('create index chargeback_change_team on chargeback_change (team, place)');
}

async function pageOf(
  snapshot: Snapshot,
  team: TeamRow,
  number: string,
  { summary, settings }: StatementUse,
): Promise<string> {
  const own = snapshot.with({
    team: team.team,
    first_line: team.first_line,
    last_line: team.last_line,
    lines_max: String(LINES_MAX),
  });
  const { from, to } = monthRange(summary.month);
  return statementPage(team, summary, {
    number,
    period: [from, dayOf(Date.parse(to) - DAY_MS)],
    settings,
    costs: await own.rows<CostRow>('statement_costs'),
    changes: await changesOf(snapshot.connection, team.team, summary),
    days: await daysOf(snapshot.connection, team.team),
    services: await own.rows<ServiceRow>('statement_services'),
    lines: await own.rows<LineRow>('statement_lines'),
    invoices: await own.rows<StatementInvoice>('statement_invoices'),
  });
}

async function daysOf(connection: pg.ClientBase, team: string): Promise<DayRow[]> {
  const { rows } = await connection.query<DayRow>(
    'select * from chargeback_day where team = $1 order by cost_date',
    [team],
  );
  return rows;
}

async function changesOf(
  connection: pg.ClientBase,
  team: string,
  { month, reporting_currency: currency }: Summary,
): Promise<Omit<Changes, 'total'>> {
  const { rows: largest } = await connection.query<ChangeRow>(
    'select * from chargeback_change where team = $1 and place <= $2 order by place',
    [team, REASONS_MAX],
  );
  const { rows } = await connection.query<{
    before: string | null;
    others: number;
    amount: string;
  }>(
    `select
       (select trim_scale(sum(reporting_cost)) from chargeback_line_before where team = $1) as before,
       count(*)::integer as others, trim_scale(coalesce(sum(amount), 0)) as amount
     from chargeback_change where team = $1 and place > $2`,
    [team, REASONS_MAX],
  );
  const { before = null, others = 0, amount = '0' } = rows[0] ?? {};
  return {
    monthBefore: monthBefore(month),
    before: before === null ? null : rounded(before, decimalsOf(currency)),
    largest,
    others,
    othersAmount: amount,
  };
}
