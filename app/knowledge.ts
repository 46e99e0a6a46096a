/**
 * What is known, now or at an earlier instant (`--as-of`): the relations that reports read, under
 * names that do not say which of the two it is.
 */
import type pg from 'pg';
import type { DayRange } from '../foundation/months.ts';
import { bindParameters } from '../foundation/sql/bind-parameters.ts';
import { type QueryStep, withSteps } from '../foundation/sql/compose.ts';
import { sqlText } from '../foundation/sql/sql-file.ts';
import { ownedCostAsOf } from '../transforms/as_of/owned-cost.ts';

export class Knowledge {
  /** Null: all that is known now. */
  readonly asOf: Date | null;
  readonly #steps: readonly QueryStep[];
  readonly #parameters: Readonly<Record<string, string>>;

  private constructor(
    asOf: Date | null,
    steps: readonly QueryStep[],
    parameters: Readonly<Record<string, string>>,
  ) {
    this.asOf = asOf;
    this.#steps = steps;
    this.#parameters = parameters;
  }

  /** What is known of the days of `range` (and of statements in it) at `asOfMs`; null is now. */
  static async of(asOfMs: number | null, range: DayRange): Promise<Knowledge> {
    if (asOfMs === null) return new Knowledge(null, KNOWN_NOW, { ...range });
    const asOf = new Date(asOfMs);
    const steps = [
      { name: 'known_owned_cost', query: await ownedCostAsOf() },
      { name: 'known_cost', query: 'known_owned_cost' },
      { name: 'known_charge', query: await sqlText('transforms/as_of/charge') },
      { name: 'known_freshness', query: await sqlText('transforms/as_of/freshness') },
      { name: 'known_unobserved', query: await sqlText('transforms/as_of/unobserved') },
    ];
    return new Knowledge(asOf, steps, { ...range, as_of: asOf.toISOString() });
  }

  /**
   * A query that can read `known_cost`, `known_owned_cost`, `known_charge`, `known_freshness` and
   * `known_unobserved`, and the values of its parameters (`:'from'`, `:'to'`, `:'as_of'`).
   */
  resolve(text: string): { text: string; parameters: Readonly<Record<string, string>> } {
    return { text: withSteps(this.#steps, text), parameters: this.#parameters };
  }

  /** Runs a report query; amounts come back as exact decimal texts. */
  async query<Row extends pg.QueryResultRow>(pool: pg.Pool, text: string): Promise<Row[]> {
    const resolved = this.resolve(text);
    const { rows } = await pool.query<Row>(bindParameters(resolved.text, resolved.parameters));
    return rows;
  }
}

const KNOWN_NOW: readonly QueryStep[] = [
  { name: 'known_owned_cost', query: 'mart.rpt_cost_owned_daily' },
  { name: 'known_cost', query: 'mart.fct_cost_daily' },
  { name: 'known_charge', query: 'intermediate.known_charge' },
  { name: 'known_freshness', query: 'mart.rpt_freshness' },
  { name: 'known_unobserved', query: 'mart.rpt_coverage_unobserved' },
];
