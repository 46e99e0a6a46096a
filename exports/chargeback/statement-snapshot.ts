/** The lines of a month's statement, kept in one snapshot: what every file is made from. */
import type pg from 'pg';
import { type Resolve, Snapshot } from '../snapshot.ts';
import type { Sources } from './manifest.ts';

export interface StatementOptions {
  /** `YYYY-MM` */
  readonly month: string;
  readonly reportingCurrency: string;
  readonly resolve: Resolve;
}

/**
 * Keeps `chargeback_line` until the end of the transaction. Learns first until when things count as
 * known: the exchange rates depend on it.
 */
export async function openStatement(
  connection: pg.PoolClient,
  { month, reportingCurrency, resolve }: StatementOptions,
): Promise<{ snapshot: Snapshot; sources: Sources }> {
  const parameters = { as_of: 'infinity', month, reporting_currency: reportingCurrency };
  const opened = new Snapshot(connection, 'exports/chargeback', parameters, resolve);
  const [row] = await opened.rows<Sources & { known_at: string }>('sources');
  if (row === undefined) throw new Error('sources.sql gives one row');
  // Not in the manifest: a report as of its own instant is the same report.
  const { known_at, ...sources } = row;
  const snapshot = opened.with({ known_at, is_closed: String(sources.state === 'closed') });
  await snapshot.keep('chargeback_line', 'lines');
  await connection.query('create unique index chargeback_line_number on chargeback_line (line)');
  await connection.query('analyze chargeback_line (line)');
  return { snapshot, sources };
}
