/** A title says it where its panel does not follow the choices of its board. */
import type { RenderedPanel, RenderedVariable } from './grafana.ts';

/** What a panel is of that does not follow a choice, the one that matters most first. */
const REACH = { team: 'all teams', provider: 'all providers' } as const;
type Choice = keyof typeof REACH;

/** The panel, with what it ignores in its title: the whole fleet, all teams, all providers; or as it is. */
export function withReach(
  panel: RenderedPanel,
  variables: readonly RenderedVariable[],
): RenderedPanel {
  const choices = (Object.keys(REACH) as Choice[]).filter((choice) =>
    variables.some(({ name }) => name === choice),
  );
  const sql = (panel.targets ?? []).map(({ rawSql }) => rawSql).join('\n');
  const ignored = choices.filter((choice) => !follows(sql, choice));
  const [first] = ignored;
  // One resource, or one budget, is chosen by a variable of its own.
  if (first === undefined || sql.includes('${resource:')) return panel;
  const reach = ignored.length === choices.length ? 'whole fleet' : REACH[first];
  return { ...panel, title: `${panel.title}, ${reach}` };
}

/** A query about what has no team has nothing to choose. */
function follows(sql: string, choice: Choice): boolean {
  return sql.includes(`\${${choice}:`) || (choice === 'team' && sql.includes("team = '(no team)'"));
}
