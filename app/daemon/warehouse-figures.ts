/** What a scrape reads from the warehouse: each query returns `value` and a column per label. */

export interface WarehouseFigure {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  /** `$1` is the run's clock. Money is in the currency of its label; it is rounded to a float here. */
  readonly query: string;
}

export const WAREHOUSE_FIGURES: readonly WarehouseFigure[] = [
  {
    name: 'stream_lag_seconds',
    help: 'Seconds since the last complete sweep of the stream',
    labels: ['account', 'stream'],
    query: `select account_id as account, stream,
              extract(epoch from $1::timestamptz - min(complete_at))::text as value
            from landing.watermark
            group by account_id, stream`,
  },
  {
    name: 'sweeps_day',
    help: 'Sweeps of the last 24 hours by outcome',
    labels: ['account', 'outcome'],
    query: `select account_id as account, outcome, count(*)::text as value
            from landing.sweep
            where started_at > $1::timestamptz - interval '24 hours'
            group by account_id, outcome`,
  },
  {
    name: 'transform_lag_seconds',
    help: 'Seconds since the clock of the last transform',
    labels: [],
    query: `select extract(epoch from $1::timestamptz - clock_at)::text as value
            from mart.transform_state`,
  },
  {
    name: 'changes_waiting',
    help: 'Landed changes that no transform has taken into account yet',
    labels: [],
    query: 'select count(*)::text as value from landing.change',
  },
  {
    name: 'quarantined_records',
    help: 'Records in quarantine',
    labels: ['account'],
    query: `select account_id as account, count(*)::text as value
            from landing.quarantine
            where released_at is null
            group by account_id`,
  },
  {
    name: 'set_aside',
    help: 'Resources, changes, budgets and reports that could not be computed and are set aside, by product',
    labels: ['product'],
    query: `select product, count(*)::text as value from ledger.set_aside group by product`,
  },
  {
    name: 'messages_waiting',
    help: 'Notifications that were not delivered yet',
    labels: ['channel'],
    query: `select channel, count(*)::text as value
            from notify.outbox
            where delivered_at is null and given_up_at is null
            group by channel`,
  },
  {
    name: 'posted_cost',
    help: 'Cost of the running UTC month that is posted, by billing currency',
    labels: ['currency'],
    query: `select billing_currency as currency, sum(billed_cost - accrued_cost)::text as value
            from mart.fct_cost_daily
            where statement_month = date_trunc('month', $1::timestamptz at time zone 'UTC')::date
            group by billing_currency`,
  },
  {
    name: 'accrued_cost',
    help: 'Cost of the running UTC month that still accrues, by billing currency',
    labels: ['currency'],
    query: `select billing_currency as currency, sum(accrued_cost)::text as value
            from mart.fct_cost_daily
            where statement_month = date_trunc('month', $1::timestamptz at time zone 'UTC')::date
            group by billing_currency`,
  },
  {
    name: 'uncertain_cost',
    help: 'By how much the cost of the running UTC month may be wrong, by billing currency',
    labels: ['currency'],
    query: `select billing_currency as currency, sum(uncertainty)::text as value
            from mart.fct_cost_daily
            where statement_month = date_trunc('month', $1::timestamptz at time zone 'UTC')::date
            group by billing_currency`,
  },
];
