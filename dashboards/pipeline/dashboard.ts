/** Whether collecting works: what is fresh, what was missed, what failed, and the size of the database. */
import { ACTUAL, EXPECTED, STATE, seriesColour, streamColours } from '../lib/colours.ts';
import { type Dashboard, row } from '../lib/dashboard.ts';
import { type Panel, steps } from '../lib/panel.ts';
import { stat } from '../lib/stat.ts';
import { statusHistory } from '../lib/status-history.ts';
import { table } from '../lib/table.ts';
import { timeSeries } from '../lib/time-series.ts';
import {
  AMOUNT_OF_HOURS,
  BYTES,
  COUNT,
  HOURS,
  INSTANT,
  MILLISECONDS,
  MONEY,
  SHARE,
} from '../lib/units.ts';
import { choiceOfMany, reportingCurrency } from '../lib/variables.ts';

/** Of what is collected, not of what costs: an account counts before its first charge. */
const account = choiceOfMany({
  name: 'account',
  label: 'Account',
  query: 'select distinct account_id as value from mart.rpt_stream order by value',
});
const stream = choiceOfMany({
  name: 'stream',
  label: 'Stream',
  query:
    'select distinct stream as value from mart.rpt_stream where account_id in (${account:sqlstring}) order by value',
});

const SCHEMA_COLOURS = [
  seriesColour('landing', ACTUAL),
  seriesColour('ledger', '#A352CC'),
  seriesColour('mart', EXPECTED),
  seriesColour('history', '#14B8A6'),
  seriesColour('reference', '#E879B9'),
  seriesColour('notify', STATE.unknown),
];

const NONE_IS_GOOD = steps(STATE.ok, [1, STATE.risk]);

const numbers: readonly Panel[] = [
  stat({
    title: 'Fresh streams',
    description:
      'Is everything read on time? Streams that were synced within their limit, of all that are expected.',
    width: 4,
    sql: 'share_fresh',
    quantity: { ...SHARE, decimals: 0 },
    scale: steps(STATE.broken, [0.9, STATE.warning], [1, STATE.ok]),
  }),
  stat({
    title: 'Oldest sync',
    description:
      'How old is the oldest data that costs depend on? Only streams that charges depend on, by the real clock.',
    width: 4,
    sql: 'oldest_sync',
    quantity: HOURS,
  }),
  stat({
    title: 'Failed sweeps',
    description: 'Does the reading fail? Sweeps of the range that were given up after all retries.',
    width: 4,
    sql: 'failed_sweeps',
    quantity: COUNT,
    scale: NONE_IS_GOOD,
  }),
  stat({
    title: 'Retried requests',
    description:
      'Do providers hold us back? Retries per request in the range: after a 429, a 5xx or a broken connection.',
    width: 4,
    sql: 'share_retried',
    quantity: { ...SHARE, decimals: 2 },
    scale: steps(STATE.ok, [0.02, STATE.warning], [0.1, STATE.risk]),
  }),
  stat({
    title: 'In quarantine',
    description:
      'Is anything in quarantine? Records that do not match the documented schema, waiting now.',
    width: 4,
    sql: 'quarantined',
    quantity: COUNT,
    scale: NONE_IS_GOOD,
  }),
  stat({
    title: 'Database',
    description: 'How large is the database? All tables with indexes, at the last measurement.',
    width: 4,
    sql: 'database_size',
    quantity: BYTES,
  }),
];

const freshness = table({
  title: 'Streams',
  description:
    'Which stream is late, and why? One row per account and stream that is expected, the most urgent first.',
  width: 24,
  sql: 'streams',
  emptyText: 'nothing is expected: no account has been collected yet',
  columns: {
    account_id: { title: 'Account', width: 155 },
    stream: { title: 'Stream', width: 235 },
    state: {
      title: 'State',
      width: 90,
      states: { fresh: 'ok', failing: 'warning', stale: 'risk', 'never read': 'broken' },
    },
    rests: { title: 'For costs', width: 85 },
    looked_at: { title: 'Last sync', width: 170, quantity: INSTANT },
    age_hours: { title: 'Age', width: 90, quantity: HOURS },
    share_of_limit: {
      title: 'Of its limit',
      width: 110,
      quantity: SHARE,
      scale: steps(STATE.ok, [0.8, STATE.warning], [1, STATE.broken]),
    },
    records: { title: 'Records', width: 90, quantity: COUNT },
    quarantined: { title: 'Set aside', width: 85, quantity: COUNT, scale: NONE_IS_GOOD },
    last_error: { title: 'Last error' },
  },
});

const coverage = statusHistory({
  title: 'Coverage by stream and day',
  description:
    'Was anything missed? One cell per stream and UTC day. Late: not synced in time, reported later. Missing: the provider will not report it again. As of the last hourly refresh.',
  width: 24,
  sql: 'coverage',
  words: {
    0: { text: 'missing', state: 'broken' },
    1: { text: 'late', state: 'warning' },
    2: { text: 'collected', state: 'ok' },
  },
  interval: '1d',
});

const load: readonly Panel[] = [
  timeSeries({
    title: 'Sweeps per hour',
    description: 'How much is read? Sweeps that began in each UTC hour, by product.',
    width: 8,
    sql: 'sweeps_per_hour',
    quantity: COUNT,
    shape: 'bars',
    interval: '1h',
    overrides: streamColours(),
  }),
  timeSeries({
    title: 'Requests and retries per hour',
    description:
      'How hard are the providers asked, and how often again? All chosen streams, per UTC hour.',
    width: 8,
    sql: 'requests_per_hour',
    quantity: COUNT,
    shape: 'steps',
    interval: '1h',
    overrides: [seriesColour('Requests', ACTUAL), seriesColour('Retries', STATE.risk)],
  }),
  timeSeries({
    title: 'Time of a sweep',
    description:
      'Do the providers slow down? Mean duration of a sweep by product, retries included, per UTC day.',
    width: 8,
    sql: 'sweep_duration',
    quantity: MILLISECONDS,
    shape: 'lines',
    overrides: streamColours(),
  }),
];

const problems: readonly Panel[] = [
  table({
    title: 'Sweeps that were not completed',
    description:
      'What went wrong? One row per account, stream and error in the range. Denied: the credential may not read that; nothing is retried.',
    width: 24,
    sql: 'problems',
    emptyText: 'every sweep of the range was completed',
    columns: {
      account_id: { title: 'Account', width: 130 },
      stream: { title: 'Stream', width: 175 },
      outcome: { title: 'Outcome', width: 80, states: { failed: 'broken', denied: 'warning' } },
      error: { title: 'Error' },
      sweeps: { title: 'Sweeps', width: 70, quantity: COUNT },
      last_at: { title: 'Last', width: 170, quantity: INSTANT },
    },
  }),
  table({
    title: 'Quarantine',
    description:
      'What is set aside, and why? One row per stream and reason, now. The records themselves are in `landing.quarantine`.',
    width: 24,
    sql: 'quarantine',
    emptyText: 'nothing is set aside',
    columns: {
      stream: { title: 'Stream', width: 140 },
      reason: { title: 'Reason' },
      records: { title: 'Records', width: 75, quantity: COUNT },
      age_hours: {
        title: 'Waiting',
        width: 90,
        quantity: HOURS,
        scale: steps(STATE.warning, [24, STATE.broken]),
      },
    },
  }),
];

const weight: readonly Panel[] = [
  timeSeries({
    title: 'Database size',
    description:
      'How fast does it grow? Tables with indexes per schema, as measured with the hourly reports; the last of each UTC day.',
    width: 12,
    sql: 'size_per_day',
    quantity: BYTES,
    shape: 'steps',
    min: 0,
    overrides: SCHEMA_COLOURS,
  }),
  table({
    title: 'Largest tables',
    description:
      'What makes it large? The fifteen largest tables when measured last, and their growth per day since the day before.',
    width: 12,
    sql: 'largest_tables',
    emptyText: 'not measured yet: the hourly reports do that',
    columns: {
      relation: { title: 'Table' },
      rows_estimated: { title: 'Rows, about', width: 110, quantity: COUNT },
      total_bytes: { title: 'Size', width: 110, quantity: BYTES },
      index_bytes: { title: 'Of it indexes', width: 110, quantity: BYTES },
      growth_per_day: { title: 'Growth a day', width: 110, quantity: BYTES },
    },
  }),
];

const missed = table({
  title: 'Gaps that hide money',
  description:
    'What was never collected, and what may it have cost? Gaps in a stream that costs depend on, which the provider will not report again; at the cost of the account’s day before.',
  width: 24,
  sql: 'gaps',
  emptyText: 'no gap of the range hides money',
  columns: {
    account_id: { title: 'Account', width: 160 },
    stream: { title: 'Stream' },
    starts_at: { title: 'From', width: 170, quantity: INSTANT },
    ends_at: { title: 'To', width: 170, quantity: INSTANT },
    hours: { title: 'Hours', width: 90, quantity: AMOUNT_OF_HOURS },
    may_hide_cost: {
      title: 'May hide (${reporting_currency})',
      width: 150,
      quantity: MONEY,
    },
  },
});

export const pipeline: Dashboard = {
  name: 'pipeline',
  question: 'Is everything collected, on time and completely, and how large is the database?',
  folder: import.meta.dirname,
  from: 'now-14d',
  variables: [account, stream, reportingCurrency],
  rows: [
    row(null, 4, numbers),
    row('Freshness', 11, [freshness]),
    row('Coverage', 16, [coverage]),
    row(null, 5, [missed]),
    row('Load on the providers', 8, load),
    row('Errors and quarantine', 7, problems.slice(0, 1)),
    row(null, 6, problems.slice(1)),
    row('Warehouse', 9, weight),
  ],
};
