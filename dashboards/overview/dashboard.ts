/** The board that opens first: what needs action, and the whole fleet's money in the running month. */
import { barGauge } from '../lib/bar-gauge.ts';
import { STATE } from '../lib/colours.ts';
import { type Dashboard, row } from '../lib/dashboard.ts';
import { linkTo } from '../lib/links.ts';
import { type Panel, steps } from '../lib/panel.ts';
import { table } from '../lib/table.ts';
import { timeSeries } from '../lib/time-series.ts';
import { MONEY_COARSE, SHARE } from '../lib/units.ts';
import {
  account,
  basis,
  currency,
  provider,
  reportingCurrency,
  team,
  unit,
} from '../lib/variables.ts';
import { budgets, trust } from './budgets-and-trust.ts';
import { monthAgainstBudget } from './month.ts';
import { needsAction } from './needs-action.ts';
import { numbers } from './numbers.ts';

const where: readonly Panel[] = [
  timeSeries({
    title: 'Spend per day (${unit})',
    description:
      'Where does the money go, day by day? One bar per UTC day; the last one still grows.',
    width: 15,
    sql: 'spend_per_day',
    quantity: MONEY_COARSE,
    shape: 'bars',
    legendTells: ['sum'],
  }),
  barGauge({
    title: 'Spend by team (${unit})',
    description:
      'For whom? The twelve most expensive teams in the range, shared costs split among them.',
    width: 9,
    sql: 'spend_by_team',
    quantity: MONEY_COARSE,
    links: [linkTo('teams', 'Teams')],
  }),
];

const movers = table({
  title: 'Top movers: 7 days against the 7 before (${unit})',
  description: 'What changed? Whole UTC days, per provider, SKU and team; the ten largest changes.',
  width: 24,
  sql: 'top_movers',
  emptyText: 'nothing moved',
  columns: {
    provider: {
      title: 'Provider',
      width: 125,
      links: [linkTo('providers', 'Provider', { provider: 'provider' })],
    },
    sku: { title: 'SKU', links: [linkTo('resources', 'Its resources', { sku: 'sku' })] },
    team: { title: 'Team', width: 110, links: [linkTo('teams', 'Team', { team: 'team' })] },
    last_7_days: { title: '7 days', width: 100, quantity: MONEY_COARSE },
    change: {
      title: 'Change',
      width: 100,
      quantity: MONEY_COARSE,
      scale: steps(STATE.ok, [0, STATE.risk]),
    },
    change_share: { title: 'In %', width: 85, quantity: SHARE },
  },
});

export const overview: Dashboard = {
  name: 'overview',
  question: 'What needs action, what are we spending, where, for whom, and will it hold?',
  folder: import.meta.dirname,
  // The whole running month, also what of it is to come.
  from: 'now/M',
  to: 'now/M',
  variables: [provider, account, team, currency, basis, unit, reportingCurrency],
  rows: [
    row(null, 8, [needsAction]),
    row(null, 4, numbers),
    row(null, 10, [monthAgainstBudget]),
    row('Where the money goes', 9, where),
    row('What changed, and what may break', 9, [movers]),
    row(null, 9, [budgets]),
    row('How far to trust these numbers', 7, trust),
  ],
};
