/**
 * The one kind of connection that the product opens: its session is set as the SQL needs it, also
 * behind a pooler that gives each transaction another server connection; what breaks is reported as
 * DatabaseUnavailableError; what goes silent can be seen to.
 */
import { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import pg from 'pg';
import { DatabaseUnavailableError } from '../../foundation/errors.ts';
import { hasConnectionFailed, reasonOf } from './connection-errors.ts';
import { settingStatements } from './session-settings.ts';

export interface ServerAddress {
  /** `host:port/database`, for people. */
  readonly description: string;
  /** Called before each connecting: starts the server when it is ours and died; gives its port then. */
  readonly readyPort?: () => Promise<number>;
}

export type WarehouseClientClass = new (config?: pg.ClientConfig) => WarehouseClient;

type Result = pg.QueryResult | pg.QueryResult[];
type Query = (...args: unknown[]) => Promise<Result>;

const BEGIN = /^\s*(begin|start\s+transaction)\b/i;
/** Statements that are no transaction's or end one: sent as they are. */
const ALONE = /^\s*(commit|rollback|end|abort|vacuum|create\s+database|drop\s+database)\b/i;

export class WarehouseClient extends pg.Client {
  readonly #address: ServerAddress;
  readonly #socket: Socket;
  readonly #plain: Query;
  /** Behind PgBouncer: a session's settings and statements' names may be another's. */
  #isPooled = false;
  #localSettings = '';
  /** The statements of a pooled session, one after the other: each may be three. */
  #turn: Promise<unknown> = Promise.resolve();
  #pending = 0;
  #heardAtMs = 0;
  #bytesHeard = 0;

  constructor(address: ServerAddress, config: pg.ClientConfig = {}) {
    const socket = new Socket();
    super({ ...config, stream: () => socket });
    this.#address = address;
    this.#socket = socket;
    this.#plain = super.query.bind(this) as unknown as Query;
    this.query = ((...args: unknown[]) => this.#query(args)) as unknown as typeof this.query;
    // A lost session is reported by the query that meets it, not by ending the process.
    this.on('error', () => undefined);
  }

  override connect(): Promise<pg.Client>;
  override connect(callback: (error: Error) => void): void;
  override connect(callback?: (error: Error) => void): Promise<pg.Client> | undefined {
    const opened = this.#open().then(() => this as pg.Client);
    if (callback === undefined) return opened;
    opened.then(() => callback(null as unknown as Error), callback);
    return undefined;
  }

  /** A pool hands the event's error to who waits, so it is named there too. */
  override emit(event: string | symbol, ...args: unknown[]): boolean {
    if (event === 'error') return super.emit(event, this.#named(args[0]));
    return super.emit(event, ...args);
  }

  /** The server's process that serves this session; null behind a pooler, which does not say. */
  get backendPid(): number | null {
    const pid: unknown = Reflect.get(this, 'processID');
    return this.#isPooled || typeof pid !== 'number' ? null : pid;
  }

  /** How long a statement has been waiting with not one byte from the server, in milliseconds. */
  silentForMs(nowMs: number): number {
    if (this.#pending === 0) return 0;
    if (this.#socket.bytesRead !== this.#bytesHeard) this.#hear(nowMs);
    return nowMs - this.#heardAtMs;
  }

  /** Ends the connection without a word to the server: what waits for it fails with this reason. */
  cut(reason: string): void {
    this.#socket.destroy(new Error(`Connection terminated: ${reason}`));
  }

  #hear(nowMs: number): void {
    this.#heardAtMs = nowMs;
    this.#bytesHeard = this.#socket.bytesRead;
  }

  async #open(): Promise<void> {
    try {
      const port = await this.#address.readyPort?.();
      if (port !== undefined) Reflect.set(this, 'port', port);
      await super.connect();
      const sent = await this.#plain(
        `select pg_backend_pid() as pid, current_setting('server_version_num')::integer as version`,
      );
      const row = Array.isArray(sent) ? undefined : sent.rows[0];
      this.#isPooled = row?.pid !== Reflect.get(this, 'processID');
      const version = Number(row?.version);
      this.#localSettings = settingStatements('local', version);
      await this.#plain(settingStatements('session', version));
    } catch (error) {
      super.end().catch(() => undefined);
      throw this.#named(error);
    }
  }

  #query(args: unknown[]): unknown {
    const callback = args.at(-1);
    if (isSubmittable(args[0])) return this.#plain(...args);
    if (typeof callback !== 'function') return this.#run(args);
    this.#run(args.slice(0, -1)).then(
      (result) => callback(null, result),
      (error) => callback(error),
    );
    return undefined;
  }

  async #run(args: unknown[]): Promise<Result> {
    if (this.#pending === 0) this.#hear(performance.now());
    this.#pending += 1;
    try {
      return await (this.#isPooled
        ? this.#inTurn(() => this.#runPooled(args))
        : this.#plain(...args));
    } catch (error) {
      throw this.#named(error);
    } finally {
      this.#pending -= 1;
    }
  }

  #inTurn(work: () => Promise<Result>): Promise<Result> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  /** Sets what a transaction needs at its begin, and makes a transaction of a statement outside of one. */
  async #runPooled([query, values]: unknown[]): Promise<Result> {
    const { name: _, ...config } =
      typeof query === 'string' ? { text: query, values } : (query as pg.QueryConfig);
    const { text } = config;
    if (BEGIN.test(text)) {
      const results = await this.#plain(`${withMode(text)};${this.#localSettings}`);
      return Array.isArray(results) ? (results[0] ?? results) : results;
    }
    if (ALONE.test(text) || this.getTransactionStatus() !== 'I') return this.#plain(config);
    await this.#plain(`${withMode('begin')};${this.#localSettings}`);
    try {
      const result = await this.#plain(config);
      await this.#plain('commit');
      return result;
    } catch (error) {
      await this.#plain('rollback').catch(() => undefined); // the first error is the news
      throw error;
    }
  }

  #named(error: unknown): unknown {
    if (!hasConnectionFailed(error)) return error;
    return new DatabaseUnavailableError(
      `the connection to the database at ${this.#address.description} failed: ${reasonOf(error)}`,
      { cause: error },
    );
  }
}

/** What the session's defaults say of a transaction is too late to set in it. */
function withMode(begin: string): string {
  const isolation = /isolation/i.test(begin) ? '' : ' isolation level read committed';
  const access = /read\s+(only|write)/i.test(begin) ? '' : ' read write';
  return isolation + access === '' ? begin : `${begin};set transaction${isolation}${access}`;
}

/** A COPY or a cursor: it talks to the connection itself. */
function isSubmittable(query: unknown): boolean {
  return (
    typeof query === 'object' &&
    query !== null &&
    'submit' in query &&
    typeof query.submit === 'function'
  );
}

/** The class that a pool makes its connections of. */
export function clientClassOf(address: ServerAddress): WarehouseClientClass {
  return class extends WarehouseClient {
    constructor(config?: pg.ClientConfig) {
      super(address, config);
    }
  };
}
