/** One statement page per team. */
import type pg from 'pg';
import { safeNamePart } from '../formats/file-name.ts';
import { FileOutput } from '../formats/file-output.ts';
import type { FileSet } from '../formats/file-set.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Summary } from './manifest.ts';
import type { DayRow, ServiceRow } from './statement-charts.ts';
import { type CostRow, type LineRow, statementPage, type TeamRow } from './statement-page.ts';

/** Lines on a page; the rest is summed, and stands in the lines file. */
const LINES_MAX = 250;

export function teamPageName(prefix: string, team: string): string {
  return `${prefix}team-${safeNamePart(team)}.html`;
}

export async function writeStatements(
  snapshot: Snapshot,
  files: FileSet,
  prefix: string,
  summary: Summary,
): Promise<void> {
  await snapshot.keep('chargeback_day', 'statement_days');
  await snapshot.connection.query('create index chargeback_day_team on chargeback_day (team)');
  for (const team of await snapshot.rows<TeamRow>('statement_total')) {
    const page = await pageOf(snapshot, team, summary);
    await files.add(teamPageName(prefix, team.team), (file) =>
      FileOutput.writeFile(file, async (output) => {
        await output.writeText(page);
        return team.lines;
      }),
    );
  }
}

async function pageOf(snapshot: Snapshot, team: TeamRow, summary: Summary): Promise<string> {
  const own = snapshot.with({
    team: team.team,
    first_line: team.first_line,
    last_line: team.last_line,
    lines_max: String(LINES_MAX),
  });
  return statementPage(team, summary, {
    costs: await own.rows<CostRow>('statement_costs'),
    days: await daysOf(snapshot.connection, team.team),
    services: await own.rows<ServiceRow>('statement_services'),
    lines: await own.rows<LineRow>('statement_lines'),
  });
}

async function daysOf(connection: pg.ClientBase, team: string): Promise<DayRow[]> {
  const { rows } = await connection.query<DayRow>(
    'select * from chargeback_day where team = $1 order by cost_date',
    [team],
  );
  return rows;
}
