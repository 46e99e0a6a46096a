/** What a message says. Amounts are exact decimal texts in the reporting currency. */
import { formatAmount } from '../output.ts';

/** The body of a webhook, and what other channels make their text of. */
export interface BudgetMessage {
  readonly event: 'budget.threshold';
  readonly change: 'reached' | 'left';
  readonly budget: string;
  readonly scope: Readonly<Record<string, string>>;
  readonly period: string;
  /** First UTC day of the period; `period_end` is the first day after it. */
  readonly period_start: string;
  readonly period_end: string;
  readonly kind: 'actual' | 'forecast';
  readonly percent: string;
  readonly amount: string;
  readonly spent_cost: string;
  /** What is spent at most, with all that is in doubt; null where nothing bounds it. */
  readonly most_cost: string | null;
  readonly forecast_cost: string | null;
  readonly currency: string;
  readonly breaks_at: string | null;
  /** Until when the warehouse had taken time into account. */
  readonly known_at: string;
}

/** One line. */
export function subjectOf(message: BudgetMessage): string {
  const what = message.kind === 'actual' ? 'spend' : 'forecast';
  const did = message.change === 'reached' ? 'reached' : 'is below';
  return `Budget ${message.budget}: ${what} ${did} ${message.percent}%`;
}

export function textOf(message: BudgetMessage): string {
  const { currency } = message;
  const amount = (decimal: string): string => `${formatAmount(decimal)} ${currency}`;
  const lines = [
    `${subjectOf(message)} of ${amount(message.amount)}.`,
    `Scope: ${scopeText(message.scope)}; ${message.period} from ${message.period_start} to before ${message.period_end} (UTC).`,
    spentLine(message, amount),
  ];
  if (message.forecast_cost !== null) {
    lines.push(`Forecast at the end: ${amount(message.forecast_cost)}.`);
  }
  if (message.breaks_at !== null) {
    lines.push(`At the present burn the budget breaks at ${message.breaks_at}.`);
  }
  lines.push(`As known at ${message.known_at}.`);
  return lines.join('\n');
}

function spentLine(
  { spent_cost, most_cost }: BudgetMessage,
  amount: (decimal: string) => string,
): string {
  if (most_cost === spent_cost) return `Spent so far: ${amount(spent_cost)}.`;
  const atMost = most_cost === null ? 'at most is not known' : `at most ${amount(most_cost)}`;
  return `Spent so far: at least ${amount(spent_cost)}, ${atMost}.`;
}

/** `team nlp, provider fluence`, or `all costs`. */
export function scopeText(scope: Readonly<Record<string, string>>): string {
  const parts = Object.entries(scope).map(([name, value]) => `${name} ${value}`);
  return parts.length === 0 ? 'all costs' : parts.join(', ');
}
