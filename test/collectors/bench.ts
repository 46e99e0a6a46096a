/**
 * What the tests of runner and landing share: a database per file, an account, a fake API and a
 * client per test, and landing's rows in words. The run's clock counts in hours from `at(0)`.
 */
import { randomBytes } from 'node:crypto';
import { test } from 'vitest';
import { HttpClient } from '../../collectors/http/client.ts';
import { runStream, type StreamRun, type SweepResult } from '../../collectors/run-stream.ts';
import type { Entity, Stream } from '../../collectors/stream.ts';
import { FakeApi } from '../support/fake-api.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { CANARY, FAST, provider, stream } from './http/bench.ts';

export { failure, stream } from './http/bench.ts';

const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2026, 9, 15);

/** The run's clock after so many hours. */
export function at(hour: number): number {
  return START_MS + hour * HOUR_MS;
}

/** Hours since `at(0)`, or null. */
function hourOf(instant: Date | null): number | null {
  return instant === null ? null : (instant.getTime() - START_MS) / HOUR_MS;
}

/** Landing as one account sees it. Every list is in the order of writing. */
export class Landed {
  readonly #database: TestDatabase;
  readonly #accountId: string;

  constructor(database: TestDatabase, accountId: string) {
    this.#database = database;
    this.#accountId = accountId;
  }

  /** `[slice:]key payload seen 1-2, changed 3`; open intervals end in a hyphen. */
  async versions(entity?: string): Promise<string[]> {
    const { rows } = await this.#database.pool.query<{
      place: string;
      payload: string;
      seen_from: Date;
      seen_to: Date | null;
      ended_at: Date | null;
      ended_because: string | null;
    }>(
      `select case slice when '' then '' else slice || ':' end || record_key as place,
         payload::text as payload, seen_from, seen_to, ended_at, ended_because
       from landing.version
       where account_id = $1 and ($2::text is null or entity = $2)
       order by version_id`,
      [this.#accountId, entity ?? null],
    );
    return rows.map((row) => {
      const end =
        row.ended_because === null ? '' : `, ${row.ended_because} ${hourOf(row.ended_at)}`;
      const seen = `${hourOf(row.seen_from)}-${hourOf(row.seen_to) ?? ''}`;
      return `${row.place} ${row.payload} seen ${seen}${end}`;
    });
  }

  /** `kind key`, and until when the former payload was seen. */
  async changes(): Promise<string[]> {
    const { rows } = await this.#database.pool.query<{
      kind: string;
      record_key: string;
      previous_seen_to: Date | null;
    }>(
      `select kind, record_key, previous_seen_to from landing.change
       where account_id = $1 order by change_id`,
      [this.#accountId],
    );
    return rows.map(({ kind, record_key: key, previous_seen_to: former }) =>
      former === null ? `${kind} ${key}` : `${kind} ${key}, seen until ${hourOf(former)}`,
    );
  }

  async sweeps(streamId?: string): Promise<SweepRow[]> {
    const { rows } = await this.#database.pool.query<Omit<SweepRow, 'hour'> & { started_at: Date }>(
      `select started_at, slice, outcome, error, requests, retries, pages, records, records_new,
         records_changed, records_gone, records_quarantined, unknown_fields
       from landing.sweep where account_id = $1 and ($2::text is null or stream = $2)
       order by sweep_id`,
      [this.#accountId, streamId ?? null],
    );
    return rows.map(({ started_at: startedAt, ...row }) => ({ hour: hourOf(startedAt), ...row }));
  }

  async quarantine(entity?: string): Promise<QuarantineRow[]> {
    const { rows } = await this.#database.pool.query<{
      entity: string;
      slice: string;
      payload: string;
      reason: string;
      first_seen_at: Date;
      last_seen_at: Date;
      released_at: Date | null;
    }>(
      `select entity, slice, payload::text as payload, reason, first_seen_at, last_seen_at,
         released_at
       from landing.quarantine where account_id = $1 and ($2::text is null or entity = $2)
       order by quarantine_id`,
      [this.#accountId, entity ?? null],
    );
    return rows.map((row) => ({
      payload: row.payload,
      reason: row.reason,
      first: hourOf(row.first_seen_at),
      last: hourOf(row.last_seen_at),
      released: hourOf(row.released_at),
    }));
  }
}

export interface SweepRow {
  readonly hour: number | null;
  readonly slice: string;
  readonly outcome: string;
  readonly error: string | null;
  readonly requests: number;
  readonly retries: number;
  readonly pages: number;
  readonly records: number;
  readonly records_new: number;
  readonly records_changed: number;
  readonly records_gone: number;
  readonly records_quarantined: number;
  readonly unknown_fields: readonly string[];
}

export interface QuarantineRow {
  readonly payload: string;
  readonly reason: string;
  readonly first: number | null;
  readonly last: number | null;
  readonly released: number | null;
}

/** Runs a stream (by default things under `/things`) at an hour, against the test's fake API. */
export type RunAt = (hour: number, more?: Partial<StreamRun>) => Promise<SweepResult[] | null>;

export const it = test.extend<{
  database: TestDatabase;
  api: FakeApi;
  accountId: string;
  /** Another client of the same API, for what one client's few connections cannot show. */
  connect: () => HttpClient;
  client: HttpClient;
  runAt: RunAt;
  landed: Landed;
}>({
  database: [
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixtures' names from a pattern
    async ({}, use) => {
      const database = await createTestDatabase();
      await use(database);
      await database.close();
    },
    { scope: 'file' },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: as above
  api: async ({}, use) => {
    const api = await FakeApi.start();
    await use(api);
    await api.close();
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above
  accountId: async ({}, use) => use(`acme-${randomBytes(4).toString('hex')}`),
  connect: async ({ api, accountId }, use) => {
    const clients: HttpClient[] = [];
    await use(() => {
      const client = new HttpClient({
        accountId,
        baseUrl: api.baseUrl,
        provider: provider(),
        credentials: { api_key: CANARY },
        settings: FAST,
        nowMs: () => at(0),
      });
      clients.push(client);
      return client;
    });
    await Promise.all(clients.map((client) => client.close()));
  },
  client: async ({ connect }, use) => use(connect()),
  runAt: async ({ database, accountId, client }, use) => {
    await use((hour, more = {}) =>
      runStream(database.pool, { accountId, stream: stream(), client, nowMs: at(hour), ...more }),
    );
  },
  landed: async ({ database, accountId }, use) => use(new Landed(database, accountId)),
});

/** The stream of things, with an entity that differs: under a name of its own where SQL differs. */
export function withThing(overrides: Partial<Entity>): Stream {
  return stream({ entities: [{ ...stream().entities[0], ...overrides }] });
}

/** Lands one answer after the other, given as JSON texts of the list, at the hours given. */
export async function land(
  api: FakeApi,
  runAt: RunAt,
  answers: Readonly<Record<number, string>>,
  declared: Stream = stream(),
): Promise<void> {
  for (const [hour, results] of Object.entries(answers)) {
    api.route('/things', () => ({ body: `{"results":${results}}` }));
    await runAt(Number(hour), { stream: declared });
  }
}
