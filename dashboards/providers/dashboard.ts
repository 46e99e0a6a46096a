/** One provider or all: by account, service, region and SKU; prices; agreement with its own figures. */
import { barGauge } from '../lib/bar-gauge.ts';
import { STATE } from '../lib/colours.ts';
import { type Dashboard, row } from '../lib/dashboard.ts';
import { linkTo } from '../lib/links.ts';
import { type Panel, steps } from '../lib/panel.ts';
import { standing } from '../lib/standing.ts';
import { stat } from '../lib/stat.ts';
import { table } from '../lib/table.ts';
import { timeSeries } from '../lib/time-series.ts';
import { COUNT, MONEY, MONEY_COARSE, PRICE, SHARE, WHOLE_HOURS } from '../lib/units.ts';
import {
  account,
  basis,
  currency,
  provider,
  region,
  resourceType,
  sku,
  unit,
} from '../lib/variables.ts';

const toSku = linkTo('resources', 'Its resources', { provider: 'provider', sku: 'sku' });

const numbers: readonly Panel[] = [
  stat({
    title: 'In the range (${unit})',
    description:
      'What did it cost, what of that still accrues, and by how much can it be wrong? UTC days of the range.',
    width: 12,
    sql: 'spend',
    quantity: MONEY_COARSE,
    isNamed: true,
  }),
  stat({
    title: 'Hours in the range',
    description:
      'How much ran? Hours of servers, VMs and nodes, and of the GPUs in them; not of storage and addresses.',
    width: 12,
    sql: 'hours',
    quantity: WHOLE_HOURS,
    isNamed: true,
  }),
];

const days: readonly Panel[] = [
  timeSeries({
    title: 'Spend per day (${unit})',
    description:
      'What does each provider cost, day by day? One bar per UTC day; the last still grows.',
    width: 15,
    sql: 'spend_per_day',
    quantity: MONEY_COARSE,
    shape: 'bars',
    legendTells: ['sum'],
  }),
  barGauge({
    title: 'By service (${unit})',
    description:
      'What is it spent on? The twelve most expensive services and kinds of resource in the range.',
    width: 9,
    sql: 'spend_by_service',
    quantity: MONEY_COARSE,
  }),
];

const parts: readonly Panel[] = [
  table({
    title: 'By account and service (${unit})',
    description: 'Under which account? One row per account and service in the range.',
    width: 15,
    sql: 'spend_by_account',
    columns: {
      account_id: {
        title: 'Account',
        links: [linkTo('pipeline', 'Its streams', { account: 'account_id' })],
      },
      provider: { title: 'Provider', width: 130 },
      service_name: { title: 'Service', width: 200 },
      cost: { title: 'Cost', width: 120, quantity: MONEY },
      cost_share: { title: 'Share', width: 130, quantity: SHARE, isBar: true, max: 1 },
    },
  }),
  barGauge({
    title: 'By region (${unit})',
    description:
      'Where? The twelve most expensive regions in the range; providers name them as they do.',
    width: 9,
    sql: 'spend_by_region',
    quantity: MONEY_COARSE,
  }),
];

const prices: readonly Panel[] = [
  table({
    title: 'By SKU and meter (${unit})',
    description:
      'Which products, and what does an hour of each come to? The fifty most expensive in the range; an hour of a commitment counts used or not.',
    width: 24,
    sql: 'spend_by_sku',
    columns: {
      provider: { title: 'Provider', width: 110 },
      sku: { title: 'SKU', links: [toSku] },
      meter: { title: 'Meter', width: 150 },
      cost: { title: 'Cost', width: 100, quantity: MONEY_COARSE },
      usage_hours: { title: 'Hours', width: 85, quantity: COUNT },
      cost_per_hour: { title: 'Per hour', width: 85, quantity: PRICE },
    },
  }),
  timeSeries({
    title: 'Price per hour by SKU and meter (${unit})',
    description:
      'Has a price changed? Cost divided by hours per UTC day and meter, of the eight most expensive pairs of SKU and meter. A step is a new price, or another mix of contracts.',
    width: 24,
    sql: 'price_history',
    quantity: PRICE,
    shape: 'lines',
    palette: 'names',
    legend: 'right',
    legendTells: ['lastNotNull'],
  }),
];

const agreement = table({
  title: 'Agreement with the provider’s own figures',
  description:
    'Does it match what the provider says? One row per month, provider and source of the last check, without cross-checks; sums leave out lines for which the provider has reported no figure yet. Amounts are in the unit of the row.',
  width: 24,
  sql: 'agreement',
  emptyText: 'nothing compared in this range',
  columns: {
    month: { title: 'Month', width: 90 },
    provider: {
      title: 'Provider',
      width: 130,
      links: [linkTo('reconciliation', 'Its differences', { provider: 'provider' })],
    },
    source: { title: 'Against' },
    state: {
      title: 'State',
      width: 90,
      states: {
        agrees: 'ok',
        'not compared': 'unknown',
        open: 'unknown',
        uncertain: 'warning',
        differs: 'broken',
      },
    },
    ours: { title: 'Ours', width: 130, quantity: MONEY },
    theirs: { title: 'Theirs', width: 130, quantity: MONEY },
    unit: { title: 'Unit', width: 70 },
    lines: { title: 'Compared', width: 95, quantity: COUNT },
    lines_matched: { title: 'Equal', width: 70, quantity: COUNT },
    lines_open: { title: 'Not reported yet', width: 130, quantity: COUNT },
    lines_unexplained: {
      title: 'Unexplained',
      width: 105,
      quantity: COUNT,
      scale: steps(STATE.ok, [1, STATE.broken]),
    },
    unexplained: { title: 'Unexplained value', width: 145, quantity: MONEY },
  },
});

export const providers: Dashboard = {
  name: 'providers',
  question: 'What does each provider cost, for what, where, at which price, and does it agree?',
  folder: import.meta.dirname,
  from: 'now-30d',
  variables: [provider, account, region, resourceType, sku, currency, basis, unit],
  rows: [
    row(null, 4, numbers),
    row(null, 9, days),
    row('By account, service and region', 9, parts),
    row('Products and their prices', 10, prices.slice(0, 1)),
    row(null, 9, prices.slice(1)),
    row('Does it match what the provider charged?', 9, [agreement]),
    standing(),
  ],
};
