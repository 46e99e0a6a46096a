/**
 * Budgets in the tree of cost centres, whose leaves are teams: what the budgets below a budget allow
 * together may not be more than it allows itself, unless it says so. Periods are compared by the
 * year. Budgets by growth have no amount to compare beforehand.
 */
import type { BudgetEntry } from './budget-file.ts';
import type { Allocation } from './read-allocation.ts';

const PERIODS_PER_YEAR = { month: 12n, quarter: 4n, year: 1n } as const;
const NANO_DIGITS = 9;

/** A budget that is about one place in the tree and nothing else. */
interface PlacedBudget {
  readonly entry: BudgetEntry;
  readonly node: string;
  /** Billionths of the reporting currency. */
  readonly perYear: bigint;
}

/** One row per budget that those below it exceed, with the day from which they do. */
export function budgetTreeDefects(
  budgets: readonly BudgetEntry[],
  allocation: Allocation | null,
): { readonly entry: BudgetEntry; readonly reason: string }[] {
  if (allocation === null) return [];
  const parents = parentsOf(allocation);
  const placed = budgets.flatMap(place);
  return placed
    .filter(({ entry }) => !entry.children_may_exceed)
    .flatMap((above) => {
      const days = new Set(placed.map(({ entry }) => entry.valid_from ?? '0000'));
      const broken = [...days].toSorted().find((day) => {
        if (!holdsOn(above, day)) return false;
        return allowedBelow(above, inForce(placed, day), parents) > above.perYear;
      });
      if (broken === undefined) return [];
      const since = broken === '0000' ? '' : ` from ${broken}`;
      const reason = `the budgets below it allow more than it does${since}: lower them, or say children_may_exceed`;
      return [{ entry: above.entry, reason }];
    });
}

/** Nodes are `cost_centre/…` and `team/…`: the two may share a name. */
function parentsOf(allocation: Allocation): ReadonlyMap<string, string> {
  const parents = new Map<string, string>();
  for (const { cost_centre: centre, parent } of allocation.costCentres) {
    if (parent !== null) parents.set(`cost_centre/${centre}`, `cost_centre/${parent}`);
  }
  for (const { team, cost_centre: centre } of allocation.teams) {
    if (centre !== null) parents.set(`team/${team}`, `cost_centre/${centre}`);
  }
  return parents;
}

function place(entry: BudgetEntry): PlacedBudget[] {
  if (entry.scope === 'total' || entry.amount === undefined) return [];
  const [dimension, ...others] = Object.entries(entry.scope);
  if (dimension === undefined || others.length > 0) return [];
  const [name, value] = dimension;
  if (name !== 'cost_centre' && name !== 'team') return [];
  const perYear = nano(entry.amount) * PERIODS_PER_YEAR[entry.period];
  return [{ entry, node: `${name}/${value}`, perYear }];
}

function inForce(placed: readonly PlacedBudget[], day: string): PlacedBudget[] {
  return placed.filter((budget) => holdsOn(budget, day));
}

function holdsOn({ entry }: PlacedBudget, day: string): boolean {
  return (entry.valid_from ?? '0000') <= day && day < (entry.valid_to ?? '9999');
}

/** What the nearest budgets below allow; of several on one place, the largest. */
function allowedBelow(
  above: PlacedBudget,
  budgets: readonly PlacedBudget[],
  parents: ReadonlyMap<string, string>,
): bigint {
  const nodes = new Set(budgets.map(({ node }) => node));
  const largest = new Map<string, bigint>();
  for (const { node, perYear } of budgets) {
    let up = parents.get(node);
    while (up !== undefined && !nodes.has(up)) up = parents.get(up);
    if (up !== above.node) continue;
    const former = largest.get(node) ?? 0n;
    largest.set(node, perYear > former ? perYear : former);
  }
  return [...largest.values()].reduce((sum, value) => sum + value, 0n);
}

function nano(decimal: string): bigint {
  const [whole = '0', fraction = ''] = decimal.split('.');
  return BigInt(`${whole}${fraction.padEnd(NANO_DIGITS, '0')}`);
}
