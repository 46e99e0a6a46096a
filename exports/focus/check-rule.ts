/** What a conformance rule is, and what came of it. */
import type { DatasetId } from './columns.ts';

/**
 * A rule about single rows: `broken` is an SQL condition over a row of the dataset, in which every
 * column stands twice: typed (`"BilledCost"`, null where it cannot be read) and as it was written
 * (`"BilledCost:text"`).
 */
export interface RowRule {
  readonly id: string;
  readonly dataset: DatasetId;
  readonly says: string;
  /** Columns without which the rule does not apply. */
  readonly needs: readonly string[];
  readonly broken: string;
}

/** A rule about many rows or several datasets: `offenders` selects one text per offender. */
export interface SetRule {
  readonly id: string;
  readonly says: string;
  readonly needs: Readonly<Partial<Record<DatasetId, readonly string[]>>>;
  readonly offenders: string;
}

export type RuleState = 'pass' | 'fail' | 'not applicable';

export interface RuleResult {
  readonly id: string;
  readonly says: string;
  readonly state: RuleState;
  readonly offenders: number;
  /** The first offending rows; for rules that do not apply, why. */
  readonly examples: readonly string[];
}

/** The temporary table that holds a dataset while it is checked. */
export function checkedTable(dataset: DatasetId): string {
  return `checked_${dataset.toLowerCase()}`;
}
