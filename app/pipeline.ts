/** Configuration, warehouse, reference data and collector together: what a working command needs. */

import type { DayRange } from '../foundation/months.ts';
import { renameAccount } from '../transforms/identity/rename-account.ts';
import { type CloseResult, closeMonth } from '../transforms/ledger/close-month.ts';
import { rebuild } from '../transforms/ledger/rebuild.ts';
import {
  runTransform,
  type TransformOptions,
  type TransformResult,
} from '../transforms/ledger/run-transform.ts';
import {
  OUTLOOK,
  REPORTS,
  type ReportFailure,
  refreshEach,
} from '../transforms/marts/refresh-reports.ts';
import type { ReferenceData } from '../transforms/reference/read-reference.ts';
import { readReference } from '../transforms/reference/read-reference.ts';
import { type RewindResult, rewind } from '../transforms/rewind/rewind.ts';
import { registerAccounts } from './account-identity.ts';
import type { Clock } from './clock.ts';
import { refuseClockAhead } from './clock-guard.ts';
import { Collector } from './collector.ts';
import type { Configuration } from './config.ts';
import { allStreams } from './due-streams.ts';
import type { Logger } from './log.ts';
import { registerMetrics } from './register-metrics.ts';
import { openWarehouse, type Warehouse } from './warehouse.ts';

export class Pipeline {
  readonly configuration: Configuration;
  readonly warehouse: Warehouse;
  readonly collector: Collector;
  readonly #clock: Clock;
  readonly #log: Logger;
  #reference: ReferenceData | null;
  #reported = '';

  private constructor(
    configuration: Configuration,
    warehouse: Warehouse,
    reference: ReferenceData | null,
    clock: Clock,
    log: Logger,
  ) {
    this.configuration = configuration;
    this.warehouse = warehouse;
    this.collector = new Collector(warehouse, clock, log, allStreams(configuration));
    this.#reference = reference;
    this.#clock = clock;
    this.#log = log;
    for (const warning of configuration.warnings) log.warn(warning);
    this.#reportRefused();
  }

  /**
   * Reads the reference files and opens the warehouse for writing at the clock. The caller closes it.
   * Files with defects do not stop it: `transform` leaves in force what they said last. Throws
   * UsageError for a clock that is ahead of the database's.
   */
  static async open(configuration: Configuration, clock: Clock, log: Logger): Promise<Pipeline> {
    const reference = await readReference(configuration.reference);
    const pipeline = await Pipeline.#of(configuration, reference, clock, log);
    try {
      await refuseClockAhead(pipeline.warehouse.pool, clock, log);
      await pipeline.registerAccounts();
      return pipeline;
    } catch (error) {
      await pipeline.close();
      throw error;
    }
  }

  /** For the daemon, which reads the reference files and judges the clock in each of its rounds. */
  static openUnread(configuration: Configuration, clock: Clock, log: Logger): Promise<Pipeline> {
    return Pipeline.#of(configuration, null, clock, log);
  }

  static async #of(
    configuration: Configuration,
    reference: ReferenceData | null,
    clock: Clock,
    log: Logger,
  ): Promise<Pipeline> {
    const warehouse = await openWarehouse(configuration.database);
    return new Pipeline(configuration, warehouse, reference, clock, log);
  }

  /** The same warehouse by another configuration; what was read of the reference files is not kept. */
  withConfiguration(configuration: Configuration): Pipeline {
    return new Pipeline(configuration, this.warehouse, null, this.#clock, this.#log);
  }

  /**
   * Reads the reference files again, so that a daemon follows their changes. With defects in them,
   * which are returned in words, what they said before stays in force.
   */
  async rereadReference(): Promise<string | null> {
    this.#reference = await readReference(this.configuration.reference);
    this.#reportRefused();
    const defects = this.referenceDefects;
    if (defects.length === 0) return null;
    return `the reference files have defects (${defects.length}): ${defects.join('; ')}`;
  }

  /** Defects of the reference files as they were read last; what they said before is in force. */
  get referenceDefects(): readonly string[] {
    return (this.#reference?.refused ?? []).flatMap(({ defects }) => defects);
  }

  /** Logs the defects when they are others than before. */
  #reportRefused(): void {
    const defects = this.referenceDefects;
    if (defects.length > 0 && defects.join('\n') !== this.#reported) {
      this.#log.warn({ defects }, 'reference files are refused: the rows read last stay in force');
    }
    this.#reported = defects.join('\n');
  }

  transform(options: { isFull?: boolean } = {}): Promise<TransformResult> {
    return runTransform(this.warehouse.pool, { ...this.#transformOptions(), ...options });
  }

  /**
   * Makes anew the marts that look at everything: reconciliation, forecast, anomalies, waste; or those
   * of them that are named. Returns those that could not be made; the others are.
   */
  refreshReports(names?: ReadonlySet<string>): Promise<ReportFailure[]> {
    const reports = REPORTS.filter(({ name }) => names?.has(name) ?? true);
    return refreshEach(this.warehouse.pool, reports, () => this.#clock.nowMs());
  }

  /** The part of the reports that keeps a history: a day on which it is not made is missing in it. */
  keepOutlook(): Promise<ReportFailure[]> {
    return refreshEach(this.warehouse.pool, OUTLOOK, () => this.#clock.nowMs());
  }

  /** Closes the month of `range`; see `closeMonth` for what it refuses. */
  closeMonth(range: DayRange, isForced: boolean): Promise<CloseResult> {
    return closeMonth(this.warehouse.pool, { ...this.#transformOptions(), ...range, isForced });
  }

  /** Computes everything behind landing again, at the clock of the last transform. */
  rebuild(discardsHistory: boolean): Promise<TransformResult> {
    return rebuild(this.warehouse.pool, { ...this.#transformOptions(), discardsHistory });
  }

  /** Takes back what was recorded after `toMs`, and transforms at the clock; see `rewind`. */
  rewind(toMs: number): Promise<RewindResult> {
    return rewind(this.warehouse.pool, { ...this.#transformOptions(), toMs });
  }

  /** Notes the accounts of the configuration, so that a double is found before it is collected, and their metrics. */
  async registerAccounts(): Promise<void> {
    const { accounts } = this.configuration;
    await registerAccounts(this.warehouse.pool, accounts, this.#clock.nowMs());
    await registerMetrics(this.warehouse.pool, accounts);
  }

  /** Gives an account another id; see `renameAccount` for what it refuses. */
  renameAccount(former: string, renamed: string): Promise<TransformResult> {
    return renameAccount(this.warehouse.pool, { ...this.#transformOptions(), former, renamed });
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
