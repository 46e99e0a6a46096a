/** What an hour of compute costs, here and on the markets; how commitments are used. */
import { ACTUAL, STATE, seriesColour } from '../lib/colours.ts';
import { type Dashboard, row } from '../lib/dashboard.ts';
import { type Panel, steps } from '../lib/panel.ts';
import { standing } from '../lib/standing.ts';
import { stat } from '../lib/stat.ts';
import { timeSeries } from '../lib/time-series.ts';
import { COUNT, MONEY_COARSE, PRICE, SHARE } from '../lib/units.ts';
import { choiceOfMany, provider, reportingCurrency, sku } from '../lib/variables.ts';
import { commitments, markets, paid } from './tables.ts';

/** Also what the markets offer where nothing is rented yet. */
const region = choiceOfMany({
  name: 'region',
  label: 'Region',
  query: `select value from mart.rpt_filter_value where kind = 'region' and provider in (\${provider:sqlstring})
union select region from mart.rpt_market_region where provider in (\${provider:sqlstring}) order by 1`,
});
const gpuModel = choiceOfMany({
  name: 'gpu_model',
  label: 'GPU',
  description: '(none): machines without a GPU.',
  query: `select value from mart.rpt_filter_value where kind = 'gpu_model' and provider in (\${provider:sqlstring})
union select gpu_model from mart.rpt_market_offer where provider in (\${provider:sqlstring})
union select '(none)' order by 1`,
});

/** What a price per hour counts; said wherever one is shown. */
const COUNTED =
  'Billed cost of the machines with their own disks; not of volumes, addresses and unused commitments.';

/** Servers differ by a hundred times in price. */
const LOGARITHMIC = {
  matcher: { id: 'byRegexp', options: '/.*/' },
  properties: [{ id: 'custom.scaleDistribution', value: { type: 'log', log: 10 } }],
} as const;

const numbers: readonly Panel[] = [
  stat({
    title: 'An hour costs (${reporting_currency})',
    description: `What did an hour of compute come to in the range? GPU-hours of machines with GPUs, vCPU-hours of those without, hours of whole servers (rentals of several nodes are one). ${COUNTED}`,
    width: 12,
    sql: 'prices',
    quantity: PRICE,
    isNamed: true,
  }),
  stat({
    title: 'Below list',
    description:
      'How much less than list was paid in the range? Where no list price is reported, the agreed price is used.',
    width: 4,
    sql: 'discount',
    quantity: SHARE,
  }),
  stat({
    title: 'Commitments used',
    description: 'Which share of the committed server-hours of the range was used?',
    width: 4,
    sql: 'commitment_use',
    quantity: SHARE,
    scale: steps(
      STATE.unknown,
      [Number.MIN_SAFE_INTEGER, STATE.broken],
      [0.7, STATE.risk],
      [0.9, STATE.ok],
    ),
    emptyText: 'none',
  }),
  stat({
    title: 'Paid unused (${reporting_currency})',
    description: 'What was paid in the range for committed hours that nobody used?',
    width: 4,
    sql: 'unused_cost',
    quantity: MONEY_COARSE,
    emptyText: 'none',
  }),
];

const hours: readonly Panel[] = [
  timeSeries({
    title: 'Per GPU-hour (${reporting_currency})',
    description: `What does an hour of a GPU cost, by provider and model? Per UTC day. ${COUNTED}`,
    width: 12,
    sql: 'price_per_gpu_hour',
    quantity: PRICE,
    shape: 'lines',
    palette: 'names',
  }),
  timeSeries({
    title: 'Per vCPU-hour (${reporting_currency})',
    description: `What does an hour of a vCPU cost on machines without a GPU? Per UTC day. ${COUNTED}`,
    width: 6,
    sql: 'price_per_vcpu_hour',
    quantity: PRICE,
    shape: 'lines',
    min: 0,
  }),
  timeSeries({
    title: 'Per server-hour (${reporting_currency})',
    description: `What does an hour of a whole server cost, of any size? Per UTC day, on a logarithmic axis; a rental of several nodes is one. ${COUNTED}`,
    width: 6,
    sql: 'price_per_server_hour',
    quantity: PRICE,
    shape: 'lines',
    overrides: [LOGARITHMIC],
  }),
];

const commitmentHours = timeSeries({
  title: 'Committed server-hours per day',
  description:
    'How much of what is committed is used? Hours per UTC day; overflow ran over the commitment and is paid on demand.',
  width: 9,
  sql: 'commitment_hours',
  quantity: COUNT,
  shape: 'bars',
  min: 0,
  overrides: [
    seriesColour('used', ACTUAL),
    seriesColour('unused', STATE.unknown),
    seriesColour('overflow', STATE.risk),
  ],
});

const asked: readonly Panel[] = [
  timeSeries({
    title: 'Lowest offer per GPU-hour (${reporting_currency})',
    description:
      'Where do GPU prices go? The least that a provider’s public market asked on each UTC day, in any region chosen; virtual machines with their disks.',
    width: 12,
    sql: 'asked_per_gpu_hour',
    quantity: PRICE,
    shape: 'lines',
    palette: 'names',
  }),
  timeSeries({
    title: 'Lowest offer per vCPU-hour (${reporting_currency})',
    description:
      'Where do prices of plain compute go? The average of a region’s offers without GPU on each UTC day.',
    width: 12,
    sql: 'asked_per_vcpu_hour',
    quantity: PRICE,
    shape: 'lines',
    palette: 'names',
    min: 0,
  }),
];

const stock: readonly Panel[] = [
  timeSeries({
    title: 'Free GPUs by location',
    description:
      'Where can GPUs be had? GPUs free at the end of each UTC day: in bare-metal nodes, and on the hosts of virtual machines (VMs).',
    width: 8,
    sql: 'free_gpus',
    quantity: COUNT,
    shape: 'lines',
    palette: 'names',
    min: 0,
  }),
  timeSeries({
    title: 'Free servers by region (OpenMetal)',
    description: 'Where can servers be had? Servers of all SKUs free at the end of each UTC day.',
    width: 8,
    sql: 'free_servers',
    quantity: COUNT,
    shape: 'lines',
    palette: 'names',
    min: 0,
  }),
  timeSeries({
    title: 'Free machines by region (Fluence)',
    description:
      'Where can machines be had? Machines free at the end of each UTC day, of the size that has most: sizes share their hosts, so that they do not add up.',
    width: 8,
    sql: 'free_machines',
    quantity: COUNT,
    shape: 'lines',
    palette: 'names',
    min: 0,
  }),
];

export const economics: Dashboard = {
  name: 'economics',
  question: 'What does an hour of compute cost, and what would it cost elsewhere?',
  folder: import.meta.dirname,
  from: 'now-90d',
  variables: [provider, region, gpuModel, sku, reportingCurrency],
  rows: [
    row(null, 4, numbers),
    row('What an hour costs', 9, hours),
    row(null, 10, [paid]),
    row('Commitments', 8, [commitmentHours, commitments]),
    row('Price observatory: what the markets ask and have', 9, asked),
    row(null, 9, stock),
    ...markets,
    standing(),
  ],
};
