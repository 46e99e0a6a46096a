/** The figures of the month, two in a panel: a phone shows one panel a row, so two of them abreast. */
import { TINT } from '../lib/colours.ts';
import type { FieldOverride } from '../lib/grafana.ts';
import { linkTo } from '../lib/links.ts';
import { type Panel, steps } from '../lib/panel.ts';
import { stat } from '../lib/stat.ts';
import { MONEY, MONEY_COARSE, SHARE } from '../lib/units.ts';

function column(name: string, properties: Readonly<Record<string, unknown>>): FieldOverride {
  return {
    matcher: { id: 'byName', options: name },
    properties: Object.entries(properties).map(([id, value]) => ({ id, value })),
  };
}

/** More than a fifth above the month before is a risk, a twentieth is worth a look. */
const GROWTH = {
  unit: SHARE.unit,
  decimals: SHARE.decimals,
  color: { mode: 'thresholds' },
  thresholds: {
    mode: 'absolute',
    steps: [
      { value: null, color: TINT.ok },
      { value: 0.05, color: TINT.warning },
      { value: 0.2, color: TINT.risk },
    ],
  },
} as const;

export const numbers: readonly Panel[] = [
  stat({
    title: 'Pace (${unit})',
    description:
      'What does an hour cost now, and the running UTC month so far? An hour of the last whole UTC day; the curves are the last 30 days.',
    width: 7,
    sql: 'pace',
    quantity: MONEY_COARSE,
    hasTrend: true,
    isNamed: true,
    isOfNow: true,
    overrides: [column('Per hour', { ...MONEY })],
  }),
  stat({
    title: 'vs last month (${unit})',
    description:
      'Is it more than at the same day of the month before, in money and in percent? Whole UTC days of this month against as many of the last.',
    width: 6,
    sql: 'change_on_month',
    quantity: MONEY_COARSE,
    isNamed: true,
    isOfNow: true,
    emptyText: 'no whole day yet',
    overrides: [column('In %', GROWTH)],
  }),
  stat({
    title: 'In the range (${unit})',
    description: 'What did the UTC days of the range cost, together and on average?',
    width: 5,
    sql: 'range_total',
    quantity: MONEY_COARSE,
    isNamed: true,
  }),
  stat({
    title: 'Month end (${reporting_currency})',
    description:
      'What will the month have cost, and what will be left of the budget over everything? Billed cost. Below zero the budget breaks.',
    width: 6,
    sql: 'forecast',
    quantity: MONEY_COARSE,
    isNamed: true,
    isOfNow: true,
    emptyText: 'none',
    links: [linkTo('budgets', 'Budgets and forecast')],
    overrides: [
      column('Left of budget then', {
        color: { mode: 'thresholds' },
        thresholds: steps(TINT.broken, [0, TINT.ok]).thresholds,
      }),
    ],
  }),
];
