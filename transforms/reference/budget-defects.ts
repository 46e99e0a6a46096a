/** What is wrong with a budgets file whose shape is right: scopes, dates, amounts and the tree. */
import type { BudgetEntry, BudgetsContent } from './budget-file.ts';
import { budgetTreeDefects } from './budget-tree.ts';
import type { Allocation } from './read-allocation.ts';

/** What a budget can be about. */
export interface BudgetWorld {
  /** Accounts of the configuration, each with the providers that it has costs of. */
  readonly accounts: ReadonlyMap<string, readonly string[]>;
  /** Null: no allocation file; owners come from tags, and any may turn up. */
  readonly allocation: Allocation | null;
  /** Ids of the notification channels. */
  readonly channels: readonly string[];
}

const BUILT_IN = new Set([
  'team',
  'project',
  'environment',
  'cost_centre',
  'provider',
  'account',
  'sku',
]);
const PERIOD_MONTHS = { month: 1, quarter: 3, year: 12 } as const;
/** What costs that no rule gives to a team are called. */
const NO_TEAM = '(no team)';

/** One line each: where, and what is wrong there. */
export function budgetDefects({ budgets }: BudgetsContent, world: BudgetWorld): string[] {
  return [
    ...budgets.flatMap((entry) => [
      ...scopeDefects(entry, world),
      ...amountDefects(entry),
      ...dateDefects(entry),
      ...channelDefects(entry, world),
    ]),
    ...overlaps(budgets),
    ...budgetTreeDefects(budgets, world.allocation),
  ];
}

/** A budget on a scope that does not exist would never be used, and never warn. */
function scopeDefects({ id, scope }: BudgetEntry, world: BudgetWorld): string[] {
  if (scope === 'total') return [];
  const where = `budgets ${id}`;
  const { team, cost_centre: centre, provider, account } = scope;
  const teams = world.allocation?.teams.map((row) => row.team) ?? [];
  const centres = world.allocation?.costCentres.map((row) => row.cost_centre) ?? [];
  const providers = new Set([...world.accounts.values()].flat());
  const defects: string[] = [];
  if (Object.keys(scope).length === 0) defects.push(`${where}: write "scope: total" for all costs`);
  if (team !== undefined && team !== NO_TEAM && teams.length > 0 && !teams.includes(team)) {
    defects.push(`${where}: there is no team "${team}" in the allocation file`);
  }
  if (centre !== undefined && !centres.includes(centre)) {
    defects.push(`${where}: there is no cost centre "${centre}" in the allocation file`);
  }
  if (provider !== undefined && !providers.has(provider)) {
    const known = [...providers].join(', ');
    defects.push(`${where}: no account is at a provider "${provider}": there are ${known}`);
  }
  if (account !== undefined && !world.accounts.has(account)) {
    defects.push(`${where}: there is no account "${account}" in the configuration`);
  } else if (account !== undefined && provider !== undefined && providers.has(provider)) {
    if (world.accounts.get(account)?.includes(provider) !== true) {
      defects.push(`${where}: the account "${account}" is not at the provider "${provider}"`);
    }
  }
  for (const name of Object.keys(scope)) {
    if (BUILT_IN.has(name)) continue;
    if (world.allocation?.rules.some((rule) => Object.hasOwn(rule.sets, name)) === true) continue;
    defects.push(`${where}: no allocation rule sets a dimension "${name}"`);
  }
  return defects;
}

function amountDefects({ id, amount, growth_percent: growth, thresholds }: BudgetEntry): string[] {
  const defects: string[] = [];
  if ((amount === undefined) === (growth === undefined)) {
    defects.push(`budgets ${id}: say either amount or growth_percent`);
  }
  for (const [kind, percents] of Object.entries(thresholds)) {
    if (new Set(percents.map(Number)).size !== percents.length) {
      defects.push(`budgets ${id}: a threshold on ${kind} is given twice`);
    }
  }
  return defects;
}

/** A budget begins and ends with a period: a part of one has no amount of its own. */
function dateDefects({ id, period, valid_from: from, valid_to: to }: BudgetEntry): string[] {
  const defects = (['valid_from', 'valid_to'] as const).flatMap((name) => {
    const day = name === 'valid_from' ? from : to;
    if (day === undefined || isPeriodStart(day, PERIOD_MONTHS[period])) return [];
    return [`budgets ${id}: ${name} must be the first day of a ${period}, not ${day}`];
  });
  if ((to ?? '9999') <= (from ?? '0000')) {
    defects.push(`budgets ${id}: valid_to must be after valid_from`);
  }
  return defects;
}

function isPeriodStart(day: string, months: number): boolean {
  const month = Number.parseInt(day.slice('YYYY-'.length, 'YYYY-MM'.length), 10);
  return day.endsWith('-01') && (month - 1) % months === 0;
}

function channelDefects({ id, channels }: BudgetEntry, world: BudgetWorld): string[] {
  return (channels ?? [])
    .filter((channel) => !world.channels.includes(channel))
    .map((channel) => `budgets ${id}: there is no channel "${channel}" under alerts.channels`);
}

/** Rows of one budget follow each other in time. */
function overlaps(budgets: readonly BudgetEntry[]): string[] {
  return [...Map.groupBy(budgets, ({ id }) => id)].flatMap(([id, rows]) => {
    const ordered = rows.toSorted((a, b) => fromOf(a).localeCompare(fromOf(b)));
    return ordered.flatMap((row, index) => {
      const next = ordered[index + 1];
      if (next === undefined || (row.valid_to ?? '9999') <= fromOf(next)) return [];
      const since = next.valid_from ?? 'the beginning';
      return [`budgets ${id}: two rows hold from ${since}: end the first then`];
    });
  });
}

function fromOf({ valid_from: from }: BudgetEntry): string {
  return from ?? '0000';
}
