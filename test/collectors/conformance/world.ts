/**
 * One account at one provider, for one stream under test: a fake API that answers as the stream
 * declares, the production client and runner, and landing as the account sees it.
 */
import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll } from 'vitest';
import * as z from 'zod';
import { HttpClient } from '../../../collectors/http/client.ts';
import type { Credentials, Provider } from '../../../collectors/provider.ts';
import { runStream, type StreamRun, type SweepResult } from '../../../collectors/run-stream.ts';
import { slicesOf } from '../../../collectors/slices.ts';
import type { Stream, StreamRequest } from '../../../collectors/stream.ts';
import { FakeApi, type FakeRequest, type FakeRoute } from '../../support/fake-api.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { at, Landed, type SweepRow } from '../bench.ts';
import { FAST } from '../http/bench.ts';
import { pageOf } from './honest-pages.ts';
import { parentOf, type Specimen } from './specimen.ts';

/** Every secret of the suite begins so; found outside a request header, something leaked. */
export const CANARY = 'CANARY';

/** One database for the file's tests; each world has an account of its own. */
export function useDatabase(): () => TestDatabase {
  let database: TestDatabase | undefined;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database?.close());
  return () => {
    if (database === undefined) throw new Error('no database before the tests begin');
    return database;
  };
}

export class World {
  readonly specimen: Specimen;
  readonly accountId: string;
  readonly api: FakeApi;
  readonly landed: Landed;
  readonly credentials: Credentials;
  readonly #database: TestDatabase;
  readonly #clients: HttpClient[] = [];

  private constructor(database: TestDatabase, specimen: Specimen, api: FakeApi) {
    this.#database = database;
    this.specimen = specimen;
    this.api = api;
    this.accountId = `${specimen.provider.id}-${randomBytes(4).toString('hex')}`;
    this.credentials = canaryCredentials(specimen.provider);
    this.landed = new Landed(database, this.accountId);
  }

  /** A new account in which the stream's parents, and nothing else, have landed at hour 0. */
  static async open(database: TestDatabase, specimen: Specimen): Promise<World> {
    const world = new World(database, specimen, await FakeApi.start());
    await world.#landParent(specimen);
    return world;
  }

  async close(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close()));
    await this.api.close();
  }

  get stream(): Stream {
    return this.specimen.stream;
  }

  /** Serves a body, page by page, to requests that are what the stream declares. */
  async serve(body: unknown = this.specimen.text, hour = 1): Promise<void> {
    await this.#route(this.stream, hour, (request) => pageOf(this.stream, body, request));
  }

  /** Gives every request of the stream an answer of the test's own. */
  async answer(answer: FakeRoute, hour = 1): Promise<void> {
    await this.#route(this.stream, hour, answer);
  }

  /** The stream's own requests so far: those of its parents have been forgotten. */
  get requests(): readonly FakeRequest[] {
    return this.api.requests;
  }

  async run(hour: number, more: Partial<StreamRun> = {}): Promise<SweepResult[]> {
    return this.#run(this.stream, hour, more);
  }

  /** The sweeps of the stream under test, in order. */
  sweeps(): Promise<SweepRow[]> {
    return this.landed.sweeps(this.stream.id);
  }

  /** All rows of the account in a table of landing, as texts, in no particular order. */
  async rows(
    table: 'sweep' | 'version' | 'change' | 'quarantine' | 'watermark',
  ): Promise<string[]> {
    const { rows } = await this.#database.pool.query<{ row: string }>(
      `select row::text as row from landing.${table} as row where account_id = $1 order by 1`,
      [this.accountId],
    );
    return rows.map(({ row }) => row);
  }

  /** `entity slice key` of every current version. */
  async landedKeys(): Promise<string[]> {
    const { rows } = await this.#database.pool.query<{ name: string }>(
      `select concat_ws(' ', entity, slice, record_key) as name from landing.version
       where account_id = $1 and ended_at is null and first_sweep_id in (
         select sweep_id from landing.sweep where account_id = $1 and stream = $2
       )`,
      [this.accountId, this.stream.id],
    );
    return rows.map(({ name }) => name);
  }

  /** `slice key` of an entity's current versions, in order. */
  async currentKeys(entity: string): Promise<string[]> {
    const keys = await this.landedKeys();
    const prefix = `${entity} `;
    const ofEntity = keys.filter((key) => key.startsWith(prefix));
    return ofEntity.map((key) => key.slice(prefix.length)).sort();
  }

  /** What landing holds of records: everything but sweeps and their watermarks. */
  async records(): Promise<string[]> {
    const tables = ['version', 'change', 'quarantine'] as const;
    return (await Promise.all(tables.map((table) => this.rows(table)))).flat();
  }

  /** Everything that landing holds, as one text. */
  async everything(): Promise<string> {
    const rest = await Promise.all([this.rows('sweep'), this.rows('watermark')]);
    return [...rest.flat(), ...(await this.records())].join('\n');
  }

  async sliceNames(hour: number): Promise<string[]> {
    return (await this.#slices(this.stream, hour)).map(({ name }) => name);
  }

  async #run(stream: Stream, hour: number, more: Partial<StreamRun>): Promise<SweepResult[]> {
    const results = await runStream(this.#database.pool, {
      accountId: this.accountId,
      stream,
      client: this.#client(),
      nowMs: at(hour),
      ...more,
    });
    if (results === null) throw new Error(`${stream.id} is locked`);
    return results;
  }

  #client(): HttpClient {
    const client = new HttpClient({
      accountId: this.accountId,
      baseUrl: this.api.baseUrl,
      provider: this.specimen.provider,
      credentials: this.credentials,
      settings: { ...FAST, attemptsMax: 2, retryDelayMsMax: 2 },
      nowMs: () => at(0),
    });
    this.#clients.push(client);
    return client;
  }

  async #landParent(specimen: Specimen): Promise<void> {
    const { slices } = specimen.stream;
    if (slices.kind !== 'per-record') return;
    const parent = parentOf(specimen, slices.entity);
    await this.#landParent(parent);
    await this.#route(parent.stream, 0, (request) => pageOf(parent.stream, parent.text, request));
    const results = await this.#run(parent.stream, 0, {});
    const failed = results.find(({ outcome }) => outcome !== 'complete');
    if (failed !== undefined) throw new Error(`${failed.streamId}: ${failed.error}`);
    this.api.requests.length = 0;
  }

  async #slices(stream: Stream, hour: number) {
    const connection = await this.#database.pool.connect();
    try {
      return await slicesOf(connection, this.accountId, stream, at(hour), []);
    } finally {
      connection.release();
    }
  }

  async #route(stream: Stream, hour: number, answer: FakeRoute): Promise<void> {
    const slices = await this.#slices(stream, hour);
    if (slices.length === 0) throw new Error(`${stream.id} has no slice: its parent has no record`);
    const byPath = Map.groupBy(
      slices.map((slice) => stream.request(slice)),
      ({ path }) => new URL(path, this.api.baseUrl).pathname,
    );
    for (const [path, declared] of byPath) {
      this.api.route(path, (request) => {
        const isAsDeclared = declared.some((wanted) => matches(wanted, request));
        return isAsDeclared ? answer(request) : { status: 400, body: 'not what is declared' };
      });
    }
  }
}

const PAGING_PARAMETERS = ['limit', 'offset'];

function matches(declared: StreamRequest, request: FakeRequest): boolean {
  const query = Object.fromEntries(
    [...request.query].filter(([name]) => !PAGING_PARAMETERS.includes(name)),
  );
  return (
    request.method === (declared.method ?? 'GET') &&
    request.body === (declared.body ?? '') &&
    isDeepStrictEqual(query, { ...declared.query })
  );
}

/** Credentials of the first form that the provider accepts, every one of them a canary. */
export function canaryCredentials(provider: Provider): Credentials {
  const schema = z.toJSONSchema(provider.credentials, { io: 'input' });
  const form = (schema.anyOf?.[0] ?? schema) as { readonly required?: readonly string[] };
  const names = form.required ?? [];
  return provider.credentials.parse(
    Object.fromEntries(names.map((name) => [name, `${CANARY}-credential-${name}-5f1e8a`])),
  );
}
