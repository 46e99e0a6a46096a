/**
 * The only writer to landing. A sweep's pages are checked as they come and kept as text, in memory
 * while they are few and in an unlogged table when they are many; then one transaction compares them
 * with what was landed and writes only what differs.
 */
import { createHash, type Hash, randomBytes } from 'node:crypto';
import pg from 'pg';
import { ListingMovedError } from '../foundation/errors.ts';
import type { RequestCounters } from './http/client.ts';
import type { Page } from './http/parse-page.ts';
import {
  assertPagesStored,
  type CheckedPage,
  dropEarlierDuplicates,
  dropPages,
  type EntityDefect,
  findKeyOnTwoPages,
  insertIncoming,
  prepareIncoming,
  storePages,
} from './incoming.ts';
import type { Slice, Stream } from './stream.ts';
import { assertLockHeld } from './stream-lock.ts';
import { applySweep, noteUnchangedSweep } from './sweep-functions.ts';
import { validateRecords } from './validate-records.ts';

/** What one sweep of one slice found and wrote. */
export interface LandedSweep {
  readonly records: number;
  readonly recordsNew: number;
  readonly recordsChanged: number;
  readonly recordsGone: number;
  readonly recordsQuarantined: number;
}

/** Who, what and when of one sweep; `startedAtMs` is the run's clock. */
export interface SweepIdentity {
  readonly accountId: string;
  readonly stream: Stream;
  readonly slice: Slice;
  readonly startedAtMs: number;
  /** Of the stream's lock: without it nothing is landed. None: the caller sees to it. */
  readonly lockHolder?: string;
}

export interface SweepCost {
  readonly counters: RequestCounters;
  readonly durationMs: number;
}

/** More text of one sweep than this waits in the database. */
const CHARACTERS_IN_MEMORY_MAX = 4 * 1024 * 1024;
/** From here on PostgreSQL needs statistics to plan well. */
const RECORDS_MANY = 1_000;
/** Drift is reported with so many names of fields, not with all that a hostile answer can invent. */
const UNKNOWN_FIELDS_MAX = 100;

/**
 * One sweep of one slice on its way into landing. Only when the last page has come is it known
 * whether anything differs from the last complete sweep. A connection is taken for each step and
 * given back, so that none is held while the provider is waited for.
 */
export class SweepLanding {
  readonly #source: pg.Pool | pg.ClientBase;
  readonly #identity: SweepIdentity;
  readonly #hash: Hash;
  /** Owner of the pages that wait in the database. */
  readonly #holder: string;
  readonly #unknownFields = new Set<string>();
  #waiting: CheckedPage[] = [];
  #waitingCharacters = 0;
  #stored = 0;
  #records = 0;

  constructor(source: pg.Pool | pg.ClientBase, identity: SweepIdentity) {
    this.#source = source;
    this.#identity = identity;
    this.#holder = identity.lockHolder ?? randomBytes(8).toString('hex');
    this.#hash = createHash('sha256').update(streamFingerprint(identity.stream));
  }

  /**
   * Checks the page, before it returns, and keeps its text: the caller may drop the parsed copy.
   * Resolves when the next page may come.
   */
  addPage(page: Page): Promise<void> {
    this.#hash.update(page.text).update('\0');
    this.#waiting.push({ text: page.text, defects: this.#check(page) });
    this.#waitingCharacters += page.text.length;
    return this.#waitingCharacters > CHARACTERS_IN_MEMORY_MAX
      ? this.#storeWaiting()
      : Promise.resolve();
  }

  /** Writes the sweep; with `isAtRest` a record on two pages counts once. Throws ListingMovedError. */
  async commit(cost: SweepCost, isAtRest = false): Promise<LandedSweep> {
    const read = {
      identity: this.#identity,
      cost,
      pages: this.#pages,
      pagesHash: this.#hash.digest(),
    };
    const unchanged = await noteUnchangedSweep(this.#source, read);
    if (unchanged !== null) return unchanged;
    return withTransaction(this.#source, async (connection) => {
      const { lockHolder } = this.#identity;
      if (lockHolder !== undefined) await assertLockHeld(connection, lockHolder);
      await prepareIncoming(connection);
      await this.#fillIncoming(connection, isAtRest);
      return applySweep(connection, read, [...this.#unknownFields].sort());
    });
  }

  /** Drops the pages that wait in the database; to be called after every sweep. */
  async discard(): Promise<void> {
    if (this.#stored > 0) await dropPages(this.#source, this.#holder);
    this.#stored = 0;
  }

  get #pages(): number {
    return this.#stored + this.#waiting.length;
  }

  #check(page: Page): EntityDefect[] {
    return this.#identity.stream.entities.flatMap((entity) => {
      const report = validateRecords(entity, page.body, page.unholdable);
      this.#records += report.records;
      for (const field of report.unknownFields) {
        if (this.#unknownFields.size >= UNKNOWN_FIELDS_MAX) break;
        this.#unknownFields.add(`${entity.name}.${field}`);
      }
      return report.defects.map((defect) => ({ entity: entity.name, ...defect }));
    });
  }

  async #storeWaiting(): Promise<void> {
    const pages = this.#waiting;
    this.#waiting = [];
    this.#waitingCharacters = 0;
    const first = this.#stored;
    this.#stored += pages.length;
    await storePages(this.#source, this.#holder, first, pages);
  }

  async #fillIncoming(connection: pg.ClientBase, isAtRest: boolean): Promise<void> {
    const { entities } = this.#identity.stream;
    await assertPagesStored(connection, this.#holder, this.#stored);
    for (let page = 0; page < this.#stored; page += 1) {
      const stored = { holder: this.#holder, page };
      for (const entity of entities) await insertIncoming(connection, entity, stored);
    }
    for (const page of this.#waiting) {
      for (const entity of entities) await insertIncoming(connection, entity, page);
    }
    if (this.#pages > 1 && !isAtRest) await this.#assertAtRest(connection);
    const mayRepeat = isAtRest || entities.length > 1;
    if (this.#pages > 1 && mayRepeat) await dropEarlierDuplicates(connection);
    if (this.#records >= RECORDS_MANY) await connection.query('analyze pg_temp.incoming');
  }

  /** A record on two pages means that records moved between them, and others may have been missed. */
  async #assertAtRest(connection: pg.ClientBase): Promise<void> {
    const listed = this.#identity.stream.entities.find(({ records }) => records.shape === 'array');
    if (listed === undefined || listed.key.length === 0) return;
    const key = await findKeyOnTwoPages(connection, listed.name);
    if (key === null) return;
    throw new ListingMovedError(
      `account ${this.#identity.accountId}: ${listed.name} ${key} is on two pages: read the listing again`,
    );
  }
}

/** Runs one transaction on a connection of the pool, or on the given one. */
async function withTransaction<Result>(
  source: pg.Pool | pg.ClientBase,
  work: (connection: pg.ClientBase) => Promise<Result>,
): Promise<Result> {
  const connection = source instanceof pg.Pool ? await source.connect() : source;
  let broken: Error | undefined;
  try {
    await connection.query('begin');
    try {
      const result = await work(connection);
      await connection.query('commit');
      return result;
    } catch (error) {
      await connection.query('rollback').catch((lost: unknown) => {
        broken = lost instanceof Error ? lost : new Error('rollback failed');
      });
      throw error; // the first error is the news
    }
  } finally {
    if (source instanceof pg.Pool) (connection as pg.PoolClient).release(broken);
  }
}

/** The declarations that decide how an answer is cut: when they change, equal bytes mean nothing. */
function streamFingerprint(stream: Stream): string {
  return JSON.stringify(
    stream.entities.map(({ name, records, key, keyCase, omit }) => [
      name,
      records,
      key,
      keyCase,
      omit,
    ]),
  );
}
