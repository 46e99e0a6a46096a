/** Rows planted in a transaction that is rolled back, and what the rules make of them. */
import type pg from 'pg';
import { expect } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { NOW, Planted } from '../../transforms/waste/planted.ts';
import { evaluate, firing, type Instance } from './grafana-rule.ts';

const ACCOUNT = 'test-account';

/** A warehouse that is computed up to `now`, with nothing in it. */
export async function warehouseAt(now: string): Promise<TestDatabase> {
  const database = await createTestDatabase();
  await database.pool.query('insert into mart.transform_state (clock_at) values ($1)', [now]);
  return database;
}

export class AlertCase extends Planted {
  readonly connection: pg.ClientBase;

  constructor(connection: pg.ClientBase) {
    super(connection);
    this.connection = connection;
  }

  /** Time goes on, and nothing else does. */
  async clock(now: string): Promise<void> {
    await this.connection.query('update mart.transform_state set clock_at = $1', [now]);
  }

  /** A stream that is to be read every so often. */
  async stream(
    stream: string,
    expected: { readonly from: string; readonly staleAfter: string; readonly retells?: string },
  ): Promise<void> {
    await this.connection.query(
      `insert into landing.expectation (account_id, stream, expected_from, stale_after, is_metering,
         retells) values ($1, $2, $3, $4, true, $5)`,
      [ACCOUNT, stream, expected.from, expected.staleAfter, expected.retells ?? null],
    );
  }

  async sweep(
    stream: string,
    at: string,
    more: { readonly slice?: string; readonly outcome?: string; readonly error?: string } = {},
  ): Promise<void> {
    await this.connection.query(
      `insert into landing.sweep (account_id, stream, slice, started_at, duration_ms, outcome,
         error, requests, retries, pages, records, records_new, records_changed, records_gone,
         records_quarantined)
       values ($1, $2, $3, $4, 0, $5, $6, 1, 0, 1, 1, 0, 0, 0, 0)`,
      [ACCOUNT, stream, more.slice ?? '', at, more.outcome ?? 'complete', more.error ?? null],
    );
  }

  evaluate(uid: string): Promise<Instance[]> {
    return evaluate(this.connection, uid);
  }

  firing(uid: string): Promise<string[]> {
    return firing(this.connection, uid);
  }
}

/** Runs a case on a database; nothing planted stays. */
export async function inCase(
  database: TestDatabase,
  run: (planted: AlertCase) => Promise<void>,
): Promise<void> {
  const connection = await database.pool.connect();
  try {
    await connection.query('begin');
    await run(new AlertCase(connection));
  } finally {
    await connection.query('rollback');
    connection.release();
  }
}

/** A stream that was synced at NOW, and is stale at `clock`. */
export async function goStale(planted: AlertCase, clock: string): Promise<void> {
  await planted.stream('planted.machines', { from: NOW, staleAfter: '6 hours' });
  await planted.sweep('planted.machines', NOW);
  await planted.clock(clock);
  expect(await planted.firing('meterhouse-stale-stream')).toHaveLength(1);
}
