/** What is wrong with a budgets file whose shape is right: scopes, dates, amounts and the tree. */
import type { YamlDefect, YamlPath } from '../../foundation/yaml-file.ts';
import type { BudgetEntry, BudgetsContent } from './budget-file.ts';
import { budgetTreeDefects } from './budget-tree.ts';
import type { Allocation } from './read-allocation.ts';

/** What a budget can be about. */
export interface BudgetWorld {
  /** Accounts of the configuration, each with the providers that it has costs of; `focus-*` is any that begins so. */
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

/** All of them, each with its place. */
export function budgetDefects({ budgets }: BudgetsContent, world: BudgetWorld): YamlDefect[] {
  return [
    ...budgets.flatMap((entry, index) =>
      [
        ...scopeDefects(entry, world),
        ...amountDefects(entry),
        ...dateDefects(entry),
        ...channelDefects(entry, world),
      ].map(({ path, reason }) => ({
        path: ['budgets', index, ...path],
        reason: `budgets ${entry.id}: ${reason}`,
      })),
    ),
    ...overlaps(budgets),
    ...budgetTreeDefects(budgets, world.allocation).map(({ entry, reason }) => ({
      path: ['budgets', budgets.indexOf(entry)],
      reason: `budgets ${entry.id}: ${reason}`,
    })),
  ];
}

/** What is wrong with one budget; paths begin at it. */
interface EntryDefect {
  readonly path: YamlPath;
  readonly reason: string;
}

function isNamed(names: readonly string[], provider: string): boolean {
  return names.some((name) =>
    name.endsWith('*') ? provider.startsWith(name.slice(0, -1)) : name === provider,
  );
}

/** A budget on a scope that does not exist would never be used, and never warn. */
function scopeDefects({ scope }: BudgetEntry, world: BudgetWorld): EntryDefect[] {
  if (scope === 'total') return [];
  const { team, cost_centre: centre, provider, account } = scope;
  const teams = world.allocation?.teams.map((row) => row.team) ?? [];
  const centres = world.allocation?.costCentres.map((row) => row.cost_centre) ?? [];
  const providers = [...new Set([...world.accounts.values()].flat())];
  const defects: EntryDefect[] = [];
  const found = (name: string, reason: string): void => {
    defects.push({ path: ['scope', name], reason });
  };
  if (Object.keys(scope).length === 0) {
    defects.push({ path: ['scope'], reason: 'write "scope: total" for all costs' });
  }
  if (team !== undefined && team !== NO_TEAM && teams.length > 0 && !teams.includes(team)) {
    found('team', `there is no team "${team}" in the allocation file`);
  }
  if (centre !== undefined && !centres.includes(centre)) {
    found('cost_centre', `there is no cost centre "${centre}" in the allocation file`);
  }
  if (provider !== undefined && !isNamed(providers, provider)) {
    const known = providers.join(', ');
    found('provider', `no account is at a provider "${provider}": there are ${known}`);
  }
  if (account !== undefined && !world.accounts.has(account)) {
    found('account', `there is no account "${account}" in the configuration`);
  } else if (account !== undefined && provider !== undefined && isNamed(providers, provider)) {
    if (!isNamed(world.accounts.get(account) ?? [], provider)) {
      found('account', `the account "${account}" is not at the provider "${provider}"`);
    }
  }
  for (const name of Object.keys(scope)) {
    if (BUILT_IN.has(name)) continue;
    if (world.allocation?.rules.some((rule) => Object.hasOwn(rule.sets, name)) === true) continue;
    found(name, `no allocation rule sets a dimension "${name}"`);
  }
  return defects;
}

function amountDefects({ amount, growth_percent: growth, thresholds }: BudgetEntry): EntryDefect[] {
  const defects: EntryDefect[] = [];
  if ((amount === undefined) === (growth === undefined)) {
    defects.push({ path: [], reason: 'say either amount or growth_percent' });
  }
  for (const [kind, percents] of Object.entries(thresholds)) {
    if (new Set(percents.map(Number)).size === percents.length) continue;
    const reason = `a threshold on ${kind} is given twice`;
    defects.push({ path: ['thresholds', kind], reason });
  }
  return defects;
}

/** A budget begins and ends with a period: a part of one has no amount of its own. */
function dateDefects({ period, valid_from: from, valid_to: to }: BudgetEntry): EntryDefect[] {
  const defects: EntryDefect[] = (['valid_from', 'valid_to'] as const).flatMap((name) => {
    const day = name === 'valid_from' ? from : to;
    if (day === undefined || isPeriodStart(day, PERIOD_MONTHS[period])) return [];
    const reason = `${name} must be the first day of a ${period}, not ${day}`;
    return [{ path: [name], reason }];
  });
  if ((to ?? '9999') <= (from ?? '0000')) {
    defects.push({ path: ['valid_to'], reason: 'valid_to must be after valid_from' });
  }
  return defects;
}

function isPeriodStart(day: string, months: number): boolean {
  const month = Number.parseInt(day.slice('YYYY-'.length, 'YYYY-MM'.length), 10);
  return day.endsWith('-01') && (month - 1) % months === 0;
}

function channelDefects({ channels = [] }: BudgetEntry, world: BudgetWorld): EntryDefect[] {
  return channels.flatMap((channel, index) => {
    const path = ['channels', index];
    if (channels.indexOf(channel) < index) {
      return [{ path, reason: `the channel "${channel}" is named twice` }];
    }
    if (world.channels.includes(channel)) return [];
    return [{ path, reason: `there is no channel "${channel}" under alerts.channels` }];
  });
}

/** Rows of one budget follow each other in time. */
function overlaps(budgets: readonly BudgetEntry[]): YamlDefect[] {
  return [...Map.groupBy(budgets, ({ id }) => id)].flatMap(([id, rows]) => {
    const ordered = rows.toSorted((a, b) => fromOf(a).localeCompare(fromOf(b)));
    return ordered.flatMap((row, index) => {
      const next = ordered[index + 1];
      if (next === undefined || (row.valid_to ?? '9999') <= fromOf(next)) return [];
      const since = next.valid_from ?? 'the beginning';
      const reason = `budgets ${id}: two rows hold from ${since}: end the first then`;
      return [{ path: ['budgets', budgets.indexOf(row)], reason }];
    });
  });
}

function fromOf({ valid_from: from }: BudgetEntry): string {
  return from ?? '0000';
}
