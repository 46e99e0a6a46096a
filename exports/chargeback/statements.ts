/** One statement page per team. */
import { createHash } from 'node:crypto';
import type pg from 'pg';
import { dayOf, monthRange } from '../../foundation/months.ts';
import { safeNamePart } from '../formats/file-name.ts';
import { FileOutput } from '../formats/file-output.ts';
import type { FileSet } from '../formats/file-set.ts';
import type { Resolve, Snapshot } from '../snapshot.ts';
import type { StatementEntry, StatementInvoice, Summary } from './manifest.ts';
import type { DayRow, ServiceRow } from './statement-charts.ts';
import { statementPage, type TeamRow } from './statement-page.ts';
import type { StatementSettings } from './statement-settings.ts';
import type { CostRow, LineRow } from './statement-tables.ts';
import { keepChanges, type TeamChanges } from './team-changes.ts';

/** Lines on a page; the rest is summed, and stands in the lines file. */
const LINES_MAX = 250;
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
  const changesOf = await keepChanges(snapshot, summary, use.resolveBefore);
  const entries: StatementEntry[] = [];
  for (const team of await snapshot.rows<TeamRow>('statement_total')) {
    const number = statementNumber(summary.month, team.team);
    const name = teamPageName(prefix, team.team);
    const page = await pageOf(snapshot, team, number, { ...use, changesOf });
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

async function pageOf(
  snapshot: Snapshot,
  team: TeamRow,
  number: string,
  { summary, settings, changesOf }: StatementUse & { readonly changesOf: TeamChanges },
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
    changes: await changesOf(team.team),
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
