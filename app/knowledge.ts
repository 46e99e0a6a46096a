/**
 * What is known, now or at an earlier instant (`--as-of`): the relations that reports read, under
 * names that do not say which of the two it is.
 */
import type pg from 'pg';
import type { DayRange } from '../foundation/months.ts';
import { bindParameters } from '../foundation/sql/bind-parameters.ts';
import { readStep } from '../foundation/sql/read-step.ts';
import { ownedCostAsOf } from '../transforms/allocation/allocation.ts';

/** The names that report queries use. */
type KnownRelation = 'known_cost' | 'known_owned_cost' | 'known_charge' | 'known_freshness';

export class Knowledge {
  /** Null: all that is known now. */
  readonly asOf: Date | null;
  readonly #relations: Readonly<Record<KnownRelation, string>>;
  readonly #parameters: Readonly<Record<string, string>>;

  private constructor(
    asOf: Date | null,
    relations: Readonly<Record<KnownRelation, string>>,
    parameters: Readonly<Record<string, string>>,
  ) {
    this.asOf = asOf;
    this.#relations = relations;
    this.#parameters = parameters;
  }

  /** What is known of the days of `range` (and of statements in it) at `asOfMs`; null is now. */
  static async of(asOfMs: number | null, range: DayRange): Promise<Knowledge> {
    if (asOfMs === null) return new Knowledge(null, KNOWN_NOW, { ...range });
    const asOf = new Date(asOfMs);
    const owned = `(${await ownedCostAsOf()})`;
    const relations = {
      known_cost: owned,
      known_owned_cost: owned,
      known_charge: `(${await readStep('transforms/as_of/charge')})`,
      known_freshness: `(${await readStep('transforms/as_of/freshness')})`,
    };
    return new Knowledge(asOf, relations, { ...range, as_of: asOf.toISOString() });
  }

  /**
   * A query's text with the relations in place of their names, and the values of its parameters
   * (`:'from'`, `:'to'`, `:'as_of'`).
   */
  resolve(text: string): { text: string; parameters: Readonly<Record<string, string>> } {
    const resolved = text.replace(/\bknown_[a-z_]+\b/g, (name) =>
      isRelation(name) ? this.#relations[name] : name,
    );
    return { text: resolved, parameters: this.#parameters };
  }

  /** Runs a report query; amounts come back as exact decimal texts. */
  async query<Row extends pg.QueryResultRow>(pool: pg.Pool, text: string): Promise<Row[]> {
    const resolved = this.resolve(text);
    const { rows } = await pool.query<Row>(bindParameters(resolved.text, resolved.parameters));
    return rows;
  }
}

const KNOWN_NOW: Readonly<Record<KnownRelation, string>> = {
  known_cost: 'mart.fct_cost_daily',
  known_owned_cost: 'mart.rpt_cost_owned_daily',
  known_charge: 'intermediate.known_charge',
  known_freshness: 'mart.rpt_freshness',
};

function isRelation(name: string): name is KnownRelation {
  return name in KNOWN_NOW;
}
