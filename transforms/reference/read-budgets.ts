/**
 * Reads the budgets file: dated budgets for any scope, with their thresholds. All defects are
 * reported together, each with its place.
 */
import path from 'node:path';
import { type BudgetWorld, budgetDefects } from './budget-defects.ts';
import { type BudgetEntry, BudgetsFile } from './budget-file.ts';
import { readYaml } from './read-yaml.ts';

export type { BudgetWorld } from './budget-defects.ts';

/** A budget as it is loaded; decimals are texts, dates may be infinite. */
export interface Budget {
  readonly budget: string;
  /** Dimension to value; empty is everything. */
  readonly scope: Readonly<Record<string, string>>;
  readonly period: 'month' | 'quarter' | 'year';
  readonly amount: string | null;
  readonly growth_percent: string | null;
  readonly actual_thresholds: readonly string[];
  readonly forecast_thresholds: readonly string[];
  /** Null: every channel. */
  readonly channels: readonly string[] | null;
  readonly valid_from: string;
  readonly valid_to: string;
  readonly source_file: string;
}

/** Throws DefectListError with all that is wrong with the file. */
export async function readBudgets(file: string, world: BudgetWorld): Promise<readonly Budget[]> {
  const { budgets } = await readYaml(file, BudgetsFile, {
    none: 'budgets: []',
    defectsOf: (content) => budgetDefects(content, world),
  });
  const sourceFile = path.basename(file);
  return budgets.map((entry) => budgetOf(entry, sourceFile));
}

function budgetOf(entry: BudgetEntry, sourceFile: string): Budget {
  return {
    budget: entry.id,
    scope: entry.scope === 'total' ? {} : entry.scope,
    period: entry.period,
    amount: entry.amount ?? null,
    growth_percent: entry.growth_percent ?? null,
    actual_thresholds: entry.thresholds.actual,
    forecast_thresholds: entry.thresholds.forecast,
    channels: entry.channels ?? null,
    valid_from: entry.valid_from ?? '-infinity',
    valid_to: entry.valid_to ?? 'infinity',
    source_file: sourceFile,
  };
}
