/** All alert rules, in the order in which Grafana lists them. */
import type { Rule } from './rule.ts';
import { BOOK_RULES } from './rules/books.ts';
import { BUDGET_RULES } from './rules/budgets.ts';
import { COMMITMENT_RULES } from './rules/commitments.ts';
import { DATA_RULES } from './rules/data.ts';
import { SPEND_RULES } from './rules/spend.ts';
import { WALLET_RULES } from './rules/wallets.ts';

export const RULES: readonly Rule[] = [
  ...BUDGET_RULES,
  ...SPEND_RULES,
  ...COMMITMENT_RULES,
  ...WALLET_RULES,
  ...DATA_RULES,
  ...BOOK_RULES,
];
