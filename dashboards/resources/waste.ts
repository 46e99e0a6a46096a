/** What is paid for and not used: how much, of what kind, whose, what ends it, and the evidence. */
import { barGauge } from '../lib/bar-gauge.ts';
import { STATE } from '../lib/colours.ts';
import { type Panel, steps } from '../lib/panel.ts';
import { table } from '../lib/table.ts';
import { AMOUNT_OF_HOURS, COUNT, MONEY } from '../lib/units.ts';
import { PROVIDER, RESOURCE, RESOURCE_ID, TEAM } from './columns.ts';

export const sums: readonly Panel[] = [
  barGauge({
    title: 'Waste a month by kind (${reporting_currency})',
    description:
      'What kind of waste is it? Each resource once, at its most expensive finding, so that the bars add up. Per month of 730 hours.',
    width: 10,
    sql: 'waste_by_kind',
    quantity: MONEY,
    emptyText: 'not checked yet',
  }),
  barGauge({
    title: 'By team (${reporting_currency})',
    description:
      'Whose is it? Each resource once, per month of 730 hours; the eight teams that waste most.',
    width: 7,
    sql: 'waste_by_team',
    quantity: MONEY,
    emptyText: 'no waste found',
  }),
  barGauge({
    title: 'By provider (${reporting_currency})',
    description: 'Where is it? Each resource once, per month of 730 hours.',
    width: 7,
    sql: 'waste_by_provider',
    quantity: MONEY,
    emptyText: 'no waste found',
  }),
];

export const actions: readonly Panel[] = [
  table({
    title: 'What would end it (${reporting_currency} a month)',
    description:
      'What should be done? One row per detector with findings, with the money of all of them: findings of two detectors can be about the same money.',
    width: 24,
    sql: 'waste_actions',
    emptyText: 'no waste found',
    columns: {
      kind: { title: 'Kind', width: 145 },
      detector: { title: 'What is found', width: 355 },
      action: { title: 'What ends it' },
      resources: { title: 'Resources', width: 95, quantity: COUNT },
      cost_per_month: { title: 'A month', width: 110, quantity: MONEY },
    },
  }),
];

export const findings: readonly Panel[] = [
  table({
    title: 'Findings (${reporting_currency} a month)',
    description:
      'Where exactly, and how do we know? One row per detector and resource, most expensive first; at most 200. Counted rows add up.',
    width: 24,
    sql: 'waste_findings',
    emptyText: 'no waste found',
    columns: {
      resource_name: { ...RESOURCE, width: 260 },
      resource_id: RESOURCE_ID,
      kind: { title: 'Kind', width: 145 },
      provider: PROVIDER,
      team: TEAM,
      cost_per_month: {
        title: 'A month',
        width: 90,
        quantity: MONEY,
        scale: steps(STATE.warning, [100, STATE.risk], [1000, STATE.broken]),
      },
      counted: { title: 'Counted', width: 75, states: { yes: 'ok', no: 'unknown' } },
      since: { title: 'Since', width: 100 },
      evidence: { title: 'Evidence' },
    },
  }),
];

export const reserves: readonly Panel[] = [
  table({
    title: 'Locked reserve by machine',
    description:
      'Which machines hold money back? One row per machine: what is locked, how many epochs it covers and when the next is charged. It is no cost: it comes back when the machine is deleted.',
    width: 24,
    sql: 'reserves',
    emptyText: 'no reserve is locked',
    columns: {
      resource_name: RESOURCE,
      resource_id: RESOURCE_ID,
      provider: PROVIDER,
      team: TEAM,
      reserved_amount: { title: 'Locked', width: 110, quantity: MONEY },
      billing_currency: { title: 'Unit', width: 70 },
      epochs_covered: {
        title: 'Epochs covered',
        width: 130,
        quantity: AMOUNT_OF_HOURS,
      },
      since: { title: 'Since', width: 145 },
      next_charge: { title: 'Next charge', width: 145 },
    },
  }),
];
