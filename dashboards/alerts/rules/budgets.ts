/** Budgets: what is spent, what is expected, how fast, and whether that can be judged at all. */
import { NO_DATA, type Rule } from '../rule.ts';

const BUDGET = {
  group: 'Budgets',
  dashboard: 'budgets',
  panel: 'Budgets of the running periods (${reporting_currency})',
  sets: { budget: 'budget' },
} as const;

/** One alert per budget: it is in one of these rules at a time, by its cause. */
const ONE_CAUSE = {
  ...BUDGET,
  view: 'budget',
  labels: [
    'budget',
    'owner',
    'period',
    'period_start',
    'currency',
    'budget_amount',
    'reached',
    'cause',
  ],
  comparison: '>=',
  threshold: '0',
  unit: 'of the reporting currency above the budget',
  decimals: 2,
  noData: NO_DATA.findings,
} as const;

const DOUBT =
  'A budget in doubt keeps its last known amount, a lower bound; "Spend cannot be judged" reports the doubt.';

export const BUDGET_RULES: readonly Rule[] = [
  {
    ...ONE_CAUSE,
    uid: 'meterhouse-budget-spent',
    title: 'Budget spent',
    where: "cause = 'spent'",
    holdsFor: '0s',
    severity: 'critical',
    summary:
      'Budget {budget} ({owner}) is spent: {value} {currency} above its {budget_amount} {currency}',
    description: `The budget of the {period} since {period_start} (UTC) is {budget_amount} {currency}; {value} {currency} more are spent. Owner: {owner}. Stop, move or approve what still runs. ${DOUBT}`,
  },
  {
    ...ONE_CAUSE,
    uid: 'meterhouse-budget-forecast',
    title: 'Budget will break',
    where: "cause <> 'spent'",
    // A forecast may tremble around the amount for a moment.
    holdsFor: '1h',
    severity: 'warning',
    summary:
      'Budget {budget} ({owner}) will break: {value} {currency} above its {budget_amount} {currency} by {cause}',
    description: `At the end of the {period} since {period_start} (UTC) {value} {currency} more than its {budget_amount} {currency} are expected, by {cause} (forecast: what runs is taken to run on; pace: a whole {period} at the burn of the last 7 UTC days). Spent so far: {reached} reached. Owner: {owner}. Ask whether what runs is to run to the end, or raise the budget. ${DOUBT}`,
  },
  {
    ...BUDGET,
    uid: 'meterhouse-spend-unknown',
    title: 'Spend cannot be judged',
    view: 'spend_unknown',
    labels: ['budget', 'period', 'period_start', 'reason'],
    noData: NO_DATA.standing,
    comparison: '>',
    threshold: '0',
    unit: '(1: in doubt)',
    decimals: 0,
    holdsFor: '30m',
    severity: 'warning',
    summary: 'Budget {budget}: its spend cannot be judged: {reason}',
    description:
      'The data under the budget of the {period} from {period_start} (UTC) is stale or incomplete ({reason}): a threshold lies between what is spent at least and at most. The Budgets dashboard and `meterhouse budgets` show both amounts and the doubt in full. Until it is fixed, a rule about its spend that does not fire proves nothing.',
  },
];
