/** Configuration, warehouse, reference data and collector together: what a working command needs. */

import type { DayRange } from '../foundation/months.ts';
import { type CloseResult, closeMonth } from '../transforms/ledger/close-month.ts';
import { rebuild } from '../transforms/ledger/rebuild.ts';
import {
  runTransform,
  type TransformOptions,
  type TransformResult,
} from '../transforms/ledger/run-transform.ts';
import { underTransformLock } from '../transforms/ledger/transform-lock.ts';
import { keepOutlook, refreshReports } from '../transforms/marts/refresh-reports.ts';
import type { ReferenceData } from '../transforms/reference/read-reference.ts';
import { readReference } from '../transforms/reference/read-reference.ts';
import type { Clock } from './clock.ts';
import { Collector } from './collector.ts';
import type { Configuration } from './config.ts';
import { allStreams } from './due-streams.ts';
import type { Logger } from './log.ts';
import { openWarehouse, type Warehouse } from './warehouse.ts';

export class Pipeline {
  readonly configuration: Configuration;
  readonly warehouse: Warehouse;
  readonly collector: Collector;
  readonly #clock: Clock;
  #reference: ReferenceData;

  private constructor(
    configuration: Configuration,
    warehouse: Warehouse,
    reference: ReferenceData,
    clock: Clock,
    log: Logger,
  ) {
    this.configuration = configuration;
    this.warehouse = warehouse;
    this.collector = new Collector(warehouse, clock, log, allStreams(configuration));
    this.#reference = reference;
    this.#clock = clock;
  }

  /** Reads the reference files and opens the warehouse. The caller closes it. */
  static async open(configuration: Configuration, clock: Clock, log: Logger): Promise<Pipeline> {
    const reference = await readReference(configuration.reference);
    const warehouse = await openWarehouse(configuration.database);
    return new Pipeline(configuration, warehouse, reference, clock, log);
  }

  /** Reads the reference files again, so that a daemon follows their changes. */
  async rereadReference(): Promise<void> {
    this.#reference = await readReference(this.configuration.reference);
  }

  transform(options: { isFull?: boolean } = {}): Promise<TransformResult> {
    return runTransform(this.warehouse.pool, { ...this.#transformOptions(), ...options });
  }

  /** Makes anew the marts that look at everything: reconciliation, forecast, anomalies, waste. */
  refreshReports(): Promise<void> {
    const nowMs = this.#clock.nowMs();
    return underTransformLock(this.warehouse.pool, (connection) =>
      refreshReports(connection, nowMs),
    );
  }

  /** The part of the reports that keeps a history: a day on which it is not made is missing in it. */
  keepOutlook(): Promise<void> {
    const nowMs = this.#clock.nowMs();
    return underTransformLock(this.warehouse.pool, (connection) => keepOutlook(connection, nowMs));
  }

  /** Closes the month of `range`; see `closeMonth` for what it refuses. */
  closeMonth(range: DayRange, isForced: boolean): Promise<CloseResult> {
    return closeMonth(this.warehouse.pool, { ...this.#transformOptions(), ...range, isForced });
  }

  /** Computes everything behind landing again, at the clock of the last transform. */
  rebuild(discardsHistory: boolean): Promise<TransformResult> {
    return rebuild(this.warehouse.pool, { ...this.#transformOptions(), discardsHistory });
  }

  #transformOptions(): TransformOptions {
    return {
      manifest: this.warehouse.manifest,
      reference: this.#reference,
      reportingCurrency: this.configuration.reportingCurrency,
      nowMs: this.#clock.nowMs(),
    };
  }

  async close(): Promise<void> {
    await this.collector.close();
    await this.warehouse.close();
  }
}
