/**
 * The daemon: runs the loops of a configuration, replaces them when the configuration is read again,
 * and ends within ten seconds of its signal, whatever is under way.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DatabaseError,
  DefectListError,
  MeterhouseError,
  UsageError,
} from '../../foundation/errors.ts';
import { Collector } from '../collector.ts';
import { type Configuration, readConfiguration } from '../config.ts';
import type { Context } from '../context.ts';
import { type Database, openDatabase } from '../database.ts';
import { allStreams } from '../due-streams.ts';
import { Pipeline } from '../pipeline.ts';
import { letReaderLogIn } from '../reader-login.ts';
import { forgetBeats, writeBeats } from './beats.ts';
import { BusyConnections } from './busy-connections.ts';
import { loopsOf } from './generation.ts';
import type { Loop, LoopState } from './loop.ts';

const BEAT_EVERY_MS = 10_000;
/** After a stop loops have so long to come to an end by themselves; then their statements are cut off. */
const GRACE_MS = 4_000;
/** Connections for accounts' loops beyond one for each: looking up what is due, recording, probing. */
const SPARE_CONNECTIONS = 3;

export class Daemon {
  readonly #context: Context;
  readonly #id = randomUUID();
  readonly #busy = new BusyConnections();
  #pipeline: Pipeline;
  #collecting: Database;
  #loops: readonly Loop[] = [];
  #beatsLost = 0;
  #stopLoops: () => Promise<void> = () => Promise.resolve();

  private constructor(context: Context, pipeline: Pipeline, collecting: Database) {
    this.#context = context;
    this.#pipeline = pipeline;
    this.#collecting = collecting;
    this.#busy.watch(pipeline.warehouse.pool);
    this.#busy.watch(collecting.pool);
  }

  /** Opens the warehouse and starts the loops. The caller runs and closes it. */
  static async start(context: Context, configuration: Configuration): Promise<Daemon> {
    const pipeline = await Pipeline.openUnread(configuration, context.clock, context.log);
    try {
      await pipeline.registerAccounts();
      const { readerPassword } = configuration;
      if (readerPassword !== null) await letReaderLogIn(pipeline.warehouse.pool, readerPassword);
      const collecting = await openForAccounts(configuration);
      const daemon = new Daemon(context, pipeline, collecting);
      daemon.#startLoops();
      return daemon;
    } catch (error) {
      await pipeline.close();
      throw error;
    }
  }

  get pipeline(): Pipeline {
    return this.#pipeline;
  }

  states(): LoopState[] {
    return this.#loops.map((loop) => loop.state());
  }

  /** Until the context's signal. Throws DatabaseError when a loop is dead: a new process is needed. */
  async run(): Promise<void> {
    const { signal, log } = this.#context;
    let reloading = Promise.resolve();
    const stopReloading = this.#context.onReload?.(() => {
      reloading = reloading
        .then(() => this.#reload())
        .catch((error: unknown) =>
          log.error({ err: error }, 'the configuration was not read again'),
        );
    });
    try {
      while (!signal.aborted) {
        await this.#beat();
        const dead = this.states().find(({ state }) => state === 'dead');
        if (dead !== undefined) {
          throw new DatabaseError(
            `the loop "${dead.name}" hangs: the daemon ends to be started again`,
          );
        }
        await pause(BEAT_EVERY_MS, signal);
      }
      log.info('stopping: ending what is under way');
    } finally {
      stopReloading?.();
      await reloading;
    }
  }

  /** Ends the loops, cutting off what does not end by itself, and closes the connections. */
  async close(): Promise<void> {
    await this.#stopLoops();
    await forgetBeats(this.#pipeline.warehouse.pool, this.#id).catch(() => undefined);
    await this.#collecting.close();
    await this.#pipeline.close();
  }

  #startLoops(): void {
    const context = this.#context;
    const configured = allStreams(this.#pipeline.configuration);
    const collector = new Collector(this.#collecting, context.clock, context.log, configured);
    const stop = new AbortController();
    const loops = loopsOf({
      context,
      pipeline: this.#pipeline,
      collector,
      collecting: this.#collecting,
    });
    const signal = AbortSignal.any([context.signal, stop.signal]);
    const running = Promise.all(loops.map((loop) => loop.run(signal)));
    this.#loops = loops;
    this.#stopLoops = async () => {
      stop.abort(new Error('the loops are stopped'));
      const cut = setTimeout(() => this.#busy.cut(), GRACE_MS);
      await running;
      clearTimeout(cut);
      await collector.close();
    };
  }

  /** Goes on by the configuration as it is now, or says why not and goes on as before. */
  async #reload(): Promise<void> {
    const context = this.#context;
    let configuration: Configuration;
    let collecting: Database;
    try {
      configuration = await readConfiguration(context.configFile, context.environment);
      refuseUnlessReloadable(this.#pipeline.configuration, configuration);
      await this.#pipeline.withConfiguration(configuration).registerAccounts();
      collecting = await openForAccounts(configuration);
    } catch (error) {
      if (!(error instanceof MeterhouseError)) throw error;
      const defects = error instanceof DefectListError ? error.defects : [];
      context.log.error(
        { code: error.code, defects },
        `the configuration is refused: ${error.message}`,
      );
      return;
    }
    await this.#stopLoops();
    await this.#collecting.close();
    this.#collecting = collecting;
    this.#busy.watch(collecting.pool);
    this.#pipeline = this.#pipeline.withConfiguration(configuration);
    this.#startLoops();
    context.log.info(
      { accounts: configuration.accounts.length },
      'the configuration is read again',
    );
  }

  /**
   * Records what the loops do. A database that leaves that unanswered twice in a row has fallen
   * silent: what waits for it would wait for ever, so its connections are cut and made again.
   */
  async #beat(): Promise<void> {
    try {
      await writeBeats(this.#pipeline.warehouse.pool, this.#id, this.states());
      await this.#busy.endLeftOver(this.#pipeline.warehouse.pool);
      this.#beatsLost = 0;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#beatsLost += 1;
      this.#context.log.warn({ reason, lost: this.#beatsLost }, 'the database does not answer');
      if (this.#beatsLost >= 2) this.#busy.cut();
    }
  }
}

/** What is opened once cannot be changed under way. */
function refuseUnlessReloadable(former: Configuration, next: Configuration): void {
  const changed = [
    ...(JSON.stringify(former.database) === JSON.stringify(next.database) ? [] : ['database']),
    ...(former.reportingCurrency === next.reportingCurrency ? [] : ['reporting_currency']),
    ...(former.daemon.host === next.daemon.host && former.daemon.port === next.daemon.port
      ? []
      : ['daemon.host and daemon.port']),
  ];
  if (changed.length > 0) {
    throw new UsageError(`${changed.join(', ')} changed: restart the daemon for that`);
  }
}

function openForAccounts(configuration: Configuration): Promise<Database> {
  return openDatabase(configuration.database, configuration.accounts.length + SPARE_CONNECTIONS);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return sleep(ms, undefined, { signal }).catch(() => undefined);
}
