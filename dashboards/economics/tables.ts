/** The tables of the board: what was paid by SKU, commitments, offers of the markets. */
import { STATE } from '../lib/colours.ts';
import { type Row, row } from '../lib/dashboard.ts';
import { linkTo } from '../lib/links.ts';
import { steps } from '../lib/panel.ts';
import { table } from '../lib/table.ts';
import { COUNT, MONEY_COARSE, PRICE, SHARE, WHOLE_HOURS } from '../lib/units.ts';

/** More than the market asks is money to save; less is good. */
const ABOVE = steps(
  STATE.unknown,
  [Number.MIN_SAFE_INTEGER, STATE.ok],
  [0.02, STATE.warning],
  [0.2, STATE.risk],
);
/** A rising price is worth a review. */
const CHANGE = steps(
  STATE.unknown,
  [Number.MIN_SAFE_INTEGER, STATE.ok],
  [0, STATE.unknown],
  [0.000001, STATE.risk],
);
const USED = steps(
  STATE.unknown,
  [Number.MIN_SAFE_INTEGER, STATE.broken],
  [0.7, STATE.risk],
  [0.9, STATE.ok],
);
const TO_SKU = [linkTo('resources', 'Its resources', { provider: 'provider', sku: 'sku' })];

export const paid = table({
  title: 'Paid by SKU (${reporting_currency})',
  description:
    'Which machines are expensive for what they are? One row per provider and SKU, the 50 that cost most in the range. List: what they would have cost without discounts. Lowest offer: per GPU-hour of the same model on any public market now, however connected. Asked: the least per hour that its own market or rate card asks for the same SKU now, in any region; what is paid above it can be saved.',
  width: 24,
  sql: 'paid_by_sku',
  emptyText: 'No machine ran.',
  columns: {
    provider: { title: 'Provider', width: 110 },
    sku: { title: 'SKU', links: TO_SKU },
    gpu_model: { title: 'GPU', width: 165 },
    vcpus: { title: 'vCPUs', isHidden: true },
    machine_hours: { title: 'Hours', width: 80, quantity: WHOLE_HOURS },
    gpu_hours: { title: 'GPU-hours', isHidden: true },
    vcpu_hours: { title: 'vCPU-hours', isHidden: true },
    paid_cost: { title: 'Paid', width: 90, quantity: MONEY_COARSE },
    list_cost: { title: 'List', isHidden: true },
    per_hour: { title: 'Per hour', width: 90, quantity: PRICE },
    per_gpu_hour: { title: 'Per GPU-hour', width: 110, quantity: PRICE },
    least_per_gpu_hour: { title: 'Least asked', width: 100, quantity: PRICE },
    per_vcpu_hour: { title: 'Per vCPU-hour', width: 120, quantity: PRICE },
    below_list: { title: 'Below list', width: 85, quantity: SHARE },
    least_per_hour: { title: 'Asked', width: 85, quantity: PRICE },
    above_asking: { title: 'Above', width: 75, quantity: SHARE, scale: ABOVE },
  },
});

export const commitments = table({
  title: 'Use of commitments (${reporting_currency})',
  description:
    'Which commitment is too large or too small? One row per SKU and region with committed capacity in the range; contracts for the same are one row.',
  width: 15,
  sql: 'commitments',
  emptyText: 'No capacity is committed.',
  columns: {
    contracts: { title: 'Contracts', links: [linkTo('wallets', 'When it ends')] },
    provider: { title: 'Provider', isHidden: true },
    sku: { title: 'SKU', width: 125 },
    region: { title: 'Region', width: 135 },
    committed_hours: { title: 'Committed h', width: 105, quantity: WHOLE_HOURS },
    used_share: { title: 'Used', width: 70, quantity: SHARE, scale: USED },
    unused_hours: { title: 'Unused h', isHidden: true },
    unused_cost: { title: 'Unused', width: 80, quantity: MONEY_COARSE },
    overflow_hours: { title: 'Over h', width: 70, quantity: WHOLE_HOURS },
    overflow_cost: { title: 'Over', width: 70, quantity: MONEY_COARSE },
  },
});

const offers = table({
  title: 'Offers now',
  description:
    'What can be had, where, and for how much? One row per offer of a public market and region, as last reported; the first 200, GPUs first. Price: per hour of the whole machine in the market’s currency; per GPU-hour and vCPU-hour in the reporting currency. A day without a sync shows the last known value.',
  width: 24,
  sql: 'offers',
  emptyText: 'No market data has been collected.',
  columns: {
    provider: { title: 'Provider', width: 100 },
    market: { title: 'Market', width: 125 },
    offer: { title: 'Offer', width: 220 },
    region: { title: 'Region' },
    gpu_model: { title: 'GPU', isHidden: true },
    gpu_count: { title: 'GPUs', width: 55, quantity: COUNT },
    vcpu_count: { title: 'vCPUs', width: 60, quantity: COUNT },
    memory_gib: { title: 'GiB', width: 55, quantity: COUNT },
    price_per_hour: { title: 'Per hour', width: 75, quantity: PRICE },
    billing_currency: { title: 'Currency', width: 85 },
    reporting_price_per_gpu_hour: { title: 'Per GPU-hour', width: 110, quantity: PRICE },
    reporting_price_per_vcpu_hour: { title: 'Per vCPU-hour', width: 125, quantity: PRICE },
    change_share: { title: '30 days', width: 70, quantity: SHARE, scale: CHANGE },
    free: { title: 'Free', width: 110 },
  },
});

const levels = table({
  title: 'Stock in words (i3D)',
  description:
    'Where can servers be had? One row per instance type and region, in the provider’s words of the last week.',
  width: 9,
  sql: 'stock_levels',
  emptyText: 'No provider reports stock levels in words.',
  columns: {
    provider: { title: 'Provider', isHidden: true },
    offer: { title: 'SKU', width: 190 },
    region: { title: 'Region' },
    stock_level: {
      title: 'Stock',
      width: 100,
      states: { high: 'ok', medium: 'ok', low: 'risk', unavailable: 'broken' },
    },
  },
});

const agreed = table({
  title: 'Agreed prices',
  description:
    'What was agreed, and what changed last? One row per price of the rate card that holds now, the last changes first (at most 200). Per hour of the whole machine, in the currency of the agreement.',
  width: 15,
  sql: 'agreed_prices',
  emptyText: 'No rate card is loaded.',
  columns: {
    provider: { title: 'Provider', width: 105 },
    sku: { title: 'SKU', links: TO_SKU },
    region: { title: 'Region', width: 130 },
    contract: { title: 'Contract', width: 120 },
    former_price_per_hour: { title: 'Before', width: 75, quantity: PRICE },
    price_per_hour: { title: 'Now', width: 75, quantity: PRICE },
    change_share: { title: 'Change', width: 75, quantity: SHARE, scale: CHANGE },
    billing_currency: { title: 'Currency', width: 80 },
    valid_from: { title: 'Since', isHidden: true },
  },
});

export const markets: readonly Row[] = [row(null, 12, [offers]), row(null, 10, [levels, agreed])];
