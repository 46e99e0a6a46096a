/** Compares the teams' costs with those of the month before, in the snapshot of the statement. */
import { monthBefore } from '../../foundation/months.ts';
import { rounded } from '../formats/minor-units.ts';
import { type Resolve, Snapshot } from '../snapshot.ts';
import { decimalsOf } from './currency-decimals.ts';
import type { Summary } from './manifest.ts';
import type { ChangeRow, Changes } from './statement-changes.ts';

/** Reasons for a changed cost that a page names; the rest is summed. */
const REASONS_MAX = 5;

export type TeamChanges = (team: string) => Promise<Omit<Changes, 'total'>>;

/**
 * Keeps the lines of the month before, and why each team's cost is another one now; the lines of the month
 * are kept already. Without `resolveBefore` no team has anything to compare with.
 */
export async function keepChanges(
  snapshot: Snapshot,
  { month, reporting_currency: currency }: Summary,
  resolveBefore: Resolve | null,
): Promise<TeamChanges> {
  const { connection } = snapshot;
  const nothing = {
    monthBefore: monthBefore(month),
    before: null,
    largest: [],
    others: 0,
    othersAmount: '0',
  };
  if (resolveBefore === null) return async () => nothing;
  const parameters = { month: nothing.monthBefore, reporting_currency: currency };
  const before = new Snapshot(connection, 'exports/chargeback', parameters, resolveBefore);
  await before.keep('chargeback_line_before', 'lines');
  await connection.query(
    `create temporary table chargeback_before on commit drop as
     select team, trim_scale(coalesce(sum(reporting_cost), 0)) as cost
     from chargeback_line_before group by team`,
  );
  await snapshot.keep('chargeback_change', 'statement_changes');
  await connection.query('create index chargeback_change_team on chargeback_change (team, place)');
  return async (team) => {
    const { rows: totals } = await connection.query<{ cost: string }>(
      'select cost from chargeback_before where team = $1',
      [team],
    );
    const cost = totals[0]?.cost;
    if (cost === undefined) return nothing;
    const { rows: largest } = await connection.query<ChangeRow>(
      'select * from chargeback_change where team = $1 and place <= $2 order by place',
      [team, REASONS_MAX],
    );
    const { rows: rest } = await connection.query<{ others: number; amount: string }>(
      `select count(*)::integer as others, trim_scale(coalesce(sum(amount), 0)) as amount
       from chargeback_change where team = $1 and place > $2`,
      [team, REASONS_MAX],
    );
    return {
      ...nothing,
      before: rounded(cost, decimalsOf(currency)),
      largest,
      others: rest[0]?.others ?? 0,
      othersAmount: rest[0]?.amount ?? '0',
    };
  };
}
