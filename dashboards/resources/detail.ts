/** One resource, chosen above or followed to: what it is, when it ran, whose it was, what it cost. */
import { ACTUAL, EXPECTED, STATE } from '../lib/colours.ts';
import type { FieldConfig, FieldOverride } from '../lib/grafana.ts';
import type { Panel } from '../lib/panel.ts';
import { stateTimeline } from '../lib/state-timeline.ts';
import { table } from '../lib/table.ts';
import { timeSeries } from '../lib/time-series.ts';
import { COUNT, MONEY, PRICE } from '../lib/units.ts';
import { PROVIDER, RESOURCE_ID, STATES, STATUS, TEAM } from './columns.ts';

const BLUE: FieldConfig = { color: { mode: 'fixed', fixedColor: ACTUAL } };
/** Meters beside the machine's own, and those that pay for nothing. */
const METERS: readonly FieldOverride[] = [
  coloured('/storage/', EXPECTED),
  coloured('/overflow/', STATE.warning),
  coloured('/unused|after-removal/', STATE.risk),
];

function coloured(metric: string, colour: string): FieldOverride {
  return {
    matcher: { id: 'byRegexp', options: metric },
    properties: [{ id: 'color', value: { mode: 'fixed', fixedColor: colour } }],
  };
}

export const facts: readonly Panel[] = [
  table({
    title: 'What it is',
    description:
      'What is the resource that is chosen above? One row, as it is now or was at its end.',
    width: 24,
    sql: 'resource_facts',
    emptyText: 'no such resource',
    columns: {
      resource_name: { title: 'Resource' },
      status: STATUS,
      provider: PROVIDER,
      resource_type: { title: 'Type', width: 145 },
      sku: { title: 'SKU', width: 165 },
      region: { title: 'Region', width: 125 },
      gpus: { title: 'GPUs', width: 115 },
      vcpu_count: { title: 'vCPU', width: 55, quantity: COUNT },
      memory_gib: { title: 'GiB', width: 60, quantity: COUNT },
      team: TEAM,
      started_on: { title: 'Started', width: 100 },
      ended_on: { title: 'Ended', width: 100 },
      account_id: { title: 'Account', isHidden: true },
      resource_id: RESOURCE_ID,
    },
  }),
];

export const life: readonly Panel[] = [
  stateTimeline({
    title: 'Its states',
    description: 'When did it run? Its status over time, until the end of the range.',
    width: 12,
    sql: 'resource_states',
    states: STATES,
    emptyText: 'not seen in the range',
  }),
  table({
    title: 'Whose it was',
    description:
      'Who is charged for it? One row per stretch of UTC days with one owner, newest first, and what decided it.',
    width: 12,
    sql: 'resource_owner',
    emptyText: 'no owner is known',
    columns: {
      from_day: { title: 'From', width: 95 },
      until_day: { title: 'Until', width: 95 },
      team: TEAM,
      project: { title: 'Project', width: 80 },
      environment: { title: 'Environment', width: 100 },
      cost_centre: { title: 'Cost centre', width: 95 },
      rule: { title: 'By rule', width: 95 },
    },
  }),
];

export const money: readonly Panel[] = [
  timeSeries({
    title: 'Its cost per day (${reporting_currency})',
    description:
      'What did it cost, and for what? One bar per UTC day and meter; days of the range.',
    width: 12,
    sql: 'resource_cost',
    quantity: MONEY,
    shape: 'bars',
    scale: BLUE,
    overrides: METERS,
    legendTells: ['sum'],
    emptyText: 'no cost in the range',
  }),
  timeSeries({
    title: 'Its prices, in the currency of the bill',
    description: 'What did a unit of it cost when? From each charge on, per meter and unit.',
    width: 12,
    sql: 'resource_price',
    quantity: PRICE,
    shape: 'steps',
    scale: BLUE,
    overrides: METERS,
    interval: '1h',
    legendTells: ['lastNotNull'],
    emptyText: 'no price in the range',
  }),
];
