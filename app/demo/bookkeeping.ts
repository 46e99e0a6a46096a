/** What the demo's customer does besides collecting: looks ahead now and then, and closes months. */
import { UsageError } from '../../foundation/errors.ts';
import { monthRange } from '../../foundation/months.ts';
import type { Logger } from '../log.ts';
import type { Pipeline } from '../pipeline.ts';

/** The daemon forecasts every hour; the demo, which is in a hurry, every third day. */
const DAYS_PER_OUTLOOK = 3;
/** A month is closed when the one after it has been over for this many days. */
const DAYS_TO_CLOSE = 4;
const DAY_MS = 86_400_000;
/** What nobody can mend: the customer began to collect when the fleet existed, and accepts the doubt. */
const BEFORE_FIRST_SYNC = 'not observed before the first sync';

export class Bookkeeping {
  readonly #pipeline: Pipeline;
  readonly #log: Logger;
  #days = 0;

  constructor(pipeline: Pipeline, log: Logger) {
    this.#pipeline = pipeline;
    this.#log = log;
  }

  /** Call it after the transform of each day. */
  async endDay(nowMs: number): Promise<void> {
    this.#days += 1;
    if (this.#days % DAYS_PER_OUTLOOK === 0) {
      const [failure] = await this.#pipeline.keepOutlook();
      if (failure !== undefined) throw new Error(`${failure.report}: ${failure.reason}`);
    }
    const at = new Date(nowMs - DAYS_TO_CLOSE * DAY_MS);
    const openFrom = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - 1, 1));
    await this.#closeBefore(openFrom.toISOString().slice(0, 'YYYY-MM'.length));
  }

  /** Closes month by month up to `firstOpen`, until something stands in the way. */
  async #closeBefore(firstOpen: string): Promise<void> {
    for (let month = await this.#nextMonth(); month !== null && month < firstOpen; ) {
      const isClosed = await this.#close(month);
      if (!isClosed) return;
      month = await this.#nextMonth();
    }
  }

  async #close(month: string): Promise<boolean> {
    try {
      const { isClosed, obstacles } = await this.#pipeline.closeMonth(monthRange(month), false);
      if (isClosed || obstacles.some(({ kind }) => kind !== BEFORE_FIRST_SYNC)) return isClosed;
      return (await this.#pipeline.closeMonth(monthRange(month), true)).isClosed;
    } catch (error) {
      // The month stays open for now; tomorrow's transform may have settled what is in the way.
      if (!(error instanceof UsageError)) throw error;
      this.#log.warn(error.message);
      return false;
    }
  }

  /** `YYYY-MM`; months close in order. Null while there is no cost. */
  async #nextMonth(): Promise<string | null> {
    const { rows } = await this.#pipeline.warehouse.pool.query<{ month: string | null }>(
      `select to_char(coalesce(
         (select max(month) + interval '1 month' from ledger.closed_month),
         (select min(statement_month) from mart.fct_cost_daily)
       ), 'YYYY-MM') as month`,
    );
    return rows[0]?.month ?? null;
  }
}
