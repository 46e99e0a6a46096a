/** Budgets: what is spent, what is expected, how fast, and whether that can be judged at all. */
import { NO_DATA, type Rule } from '../rule.ts';

const BUDGET = {
  group: 'Budgets',
  labels: ['budget', 'scope', 'period', 'period_start'],
  unit: '% of the budget',
  decimals: 1,
  noData: NO_DATA.standing,
  dashboard: 'budgets',
  panel: 'Budgets of the running periods (${reporting_currency})',
} as const;

const DOUBT =
  'A budget in doubt keeps its last known share, a lower bound; "Spend cannot be judged" reports the doubt.';

const USED = {
  ...BUDGET,
  view: 'budget',
  where: "measure = 'actual'",
  comparison: '>=',
  holdsFor: '0s',
  summary: 'Budget {budget} ({scope}): {value} % is spent',
} as const;

export const BUDGET_RULES: readonly Rule[] = [
  {
    ...USED,
    uid: 'meterhouse-budget-50',
    title: 'Budget half spent',
    threshold: '50',
    severity: 'info',
    description: `{value} % of the {period} from {period_start} (UTC) is spent. ${DOUBT}`,
  },
  {
    ...USED,
    uid: 'meterhouse-budget-80',
    title: 'Budget nearly spent',
    threshold: '80',
    severity: 'warning',
    description: `{value} % of the {period} from {period_start} (UTC) is spent. ${DOUBT}`,
  },
  {
    ...USED,
    uid: 'meterhouse-budget-100',
    title: 'Budget spent',
    threshold: '100',
    severity: 'critical',
    description: `The whole budget of the {period} from {period_start} (UTC) is spent: {value} %. ${DOUBT}`,
  },
  {
    ...BUDGET,
    uid: 'meterhouse-budget-forecast',
    title: 'Budget will break',
    view: 'budget',
    where: "measure = 'forecast'",
    comparison: '>=',
    threshold: '100',
    // A forecast may tremble around its threshold for a moment.
    holdsFor: '1h',
    severity: 'warning',
    summary: 'Budget {budget} ({scope}): {value} % is expected at the end of its {period}',
    description:
      'What runs now is taken to run on, and what usually changes to change, to the end of the {period} from {period_start} (UTC): {value} % of the budget. What is not collected is taken to run on, too.',
  },
  {
    ...BUDGET,
    uid: 'meterhouse-budget-pace',
    title: 'Budget is spent too fast',
    view: 'budget',
    where: "measure = 'pace'",
    comparison: '>',
    threshold: '120',
    holdsFor: '6h',
    severity: 'info',
    summary: 'Budget {budget} ({scope}) is spent at {value} % of an even pace',
    description:
      'A whole {period} at the burn of the last 7 whole UTC days would cost {value} % of the budget. Days that are not collected yet are not part of the burn.',
  },
  {
    ...BUDGET,
    uid: 'meterhouse-spend-unknown',
    title: 'Spend cannot be judged',
    view: 'spend_unknown',
    labels: ['budget', 'period', 'period_start', 'reason'],
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
