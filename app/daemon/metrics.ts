/** The daemon's figures for Prometheus: its loops, and what the warehouse says of the collecting and the money. */
import type pg from 'pg';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Clock } from '../clock.ts';
import type { Daemon } from './daemon.ts';
import { WAREHOUSE_FIGURES } from './warehouse-figures.ts';

const LOOP_STATES = ['ok', 'failing', 'dead'] as const;
/** Figures of a database that does not answer are left out, and `meterhouse_database_up` says so. */
const ANSWER_MS_MAX = 5_000;

export class Metrics {
  readonly #registry = new Registry();
  readonly #loopState = this.#gauge('loop_state', '1 for the state that the loop is in', [
    'loop',
    'state',
  ]);
  readonly #loopRounds = this.#gauge('loop_rounds_total', 'Rounds of the loop since the start', [
    'loop',
  ]);
  readonly #loopFailures = this.#gauge(
    'loop_failures_total',
    'Rounds of the loop that failed since the start',
    ['loop'],
  );
  readonly #loopGood = this.#gauge(
    'loop_last_good_timestamp_seconds',
    'When a round of the loop last went well, in Unix seconds',
    ['loop'],
  );
  readonly #roundSeconds = this.#gauge(
    'loop_round_seconds',
    'How long the last round of the loop took',
    ['loop'],
  );
  readonly #isUp = this.#gauge('database_up', '1 when the database answered this scrape', []);
  readonly #figures = new Map<string, Gauge>();

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
    for (const { name, help, labels } of WAREHOUSE_FIGURES) {
      this.#figures.set(name, this.#gauge(name, help, labels));
    }
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** The text of one scrape. */
  async read(daemon: Daemon, clock: Clock): Promise<string> {
    this.#readLoops(daemon);
    for (const gauge of this.#figures.values()) gauge.reset();
    try {
      await this.#readWarehouse(daemon.pipeline.warehouse.pool, clock);
      this.#isUp.set(1);
    } catch {
      this.#isUp.set(0); // the daemon's log says why
    }
    return this.#registry.metrics();
  }

  #readLoops(daemon: Daemon): void {
    for (const gauge of [this.#loopState, this.#loopRounds, this.#loopFailures, this.#loopGood]) {
      gauge.reset(); // loops of an account that is not configured any more
    }
    this.#roundSeconds.reset();
    for (const loop of daemon.states()) {
      const label = { loop: loop.name };
      for (const state of LOOP_STATES) {
        this.#loopState.set({ ...label, state }, loop.state === state ? 1 : 0);
      }
      this.#loopRounds.set(label, loop.rounds);
      this.#loopFailures.set(label, loop.failures);
      if (loop.lastGoodAt !== null) this.#loopGood.set(label, loop.lastGoodAt.getTime() / 1000);
      if (loop.roundSeconds !== null) this.#roundSeconds.set(label, loop.roundSeconds);
    }
  }

  async #readWarehouse(pool: pg.Pool, clock: Clock): Promise<void> {
    const now = new Date(clock.nowMs());
    for (const { name, query } of WAREHOUSE_FIGURES) {
      // query_timeout: the driver gives the wait up, so that a scrape ends while the server is silent.
      const { rows } = await pool.query<Record<string, string>>({
        text: query,
        values: query.includes('$1') ? [now] : [],
        query_timeout: ANSWER_MS_MAX,
      } as pg.QueryConfig);
      for (const { value, ...labels } of rows) {
        this.#figures.get(name)?.set(labels, Number(value ?? 0));
      }
    }
  }

  #gauge(name: string, help: string, labelNames: readonly string[]): Gauge {
    const registers = [this.#registry];
    return new Gauge({ name: `meterhouse_${name}`, help, labelNames: [...labelNames], registers });
  }
}
