/**
 * What every session of ours is set to, whatever the server, the database or the user's role says:
 * the SQL is written for these, and figures depend on some of them. They are set by statement and not
 * by the connection's `options`, which PgBouncer refuses.
 */

const MINUTE_MS = 60_000;

/** A single statement of a large rebuild takes minutes; none takes this long. */
const STATEMENT_TIMEOUT_MS = 120 * MINUTE_MS;
/** Longer than any transform that is not a rebuild. */
const LOCK_TIMEOUT_MS = 10 * MINUTE_MS;
/** Between two statements of a transaction this program works for seconds at most. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 5 * MINUTE_MS;

const SETTINGS: Readonly<Record<string, string>> = {
  TimeZone: 'UTC',
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  standard_conforming_strings: 'on',
  backslash_quote: 'safe_encoding',
  client_encoding: 'UTF8',
  extra_float_digits: '1',
  bytea_output: 'hex',
  array_nulls: 'on',
  transform_null_equals: 'off',
  lc_numeric: 'C',
  lc_monetary: 'C',
  search_path: 'public',
  default_transaction_isolation: 'read committed',
  default_transaction_read_only: 'off',
  client_min_messages: 'warning',
  jit: 'off',
  statement_timeout: String(STATEMENT_TIMEOUT_MS),
  lock_timeout: String(LOCK_TIMEOUT_MS),
  idle_in_transaction_session_timeout: String(IDLE_IN_TRANSACTION_TIMEOUT_MS),
  idle_session_timeout: '0',
};

/** Settings of newer servers only: version number, name, value. */
const NEWER_SETTINGS: readonly [since: number, name: string, value: string][] = [
  [170_000, 'transaction_timeout', '0'],
];

/** Statements that set all, for the session or for the transaction that is under way. */
export function settingStatements(scope: 'session' | 'local', serverVersion: number): string {
  const settings = Object.entries(SETTINGS);
  for (const [since, name, value] of NEWER_SETTINGS) {
    if (serverVersion >= since) settings.push([name, value]);
  }
  return settings
    .map(([name, value]) => `set ${scope} ${name} = ${literal(name, value)}`)
    .join(';');
}

/** Lists are written bare: quoted, they would be one word. */
function literal(name: string, value: string): string {
  return name === 'DateStyle' ? value : `'${value}'`;
}
