/** Whether the books agree with the providers, and whether closed months changed. */
import { NO_DATA, type Rule } from '../rule.ts';

const BOOKS = { group: 'Books', dashboard: 'reconciliation' } as const;

export const BOOK_RULES: readonly Rule[] = [
  {
    ...BOOKS,
    uid: 'meterhouse-unexplained-difference',
    title: 'Difference is unexplained',
    view: 'unexplained_difference',
    labels: ['account_id', 'provider', 'month', 'source', 'measure', 'unit'],
    comparison: '>',
    threshold: '0',
    unit: 'of the label `unit` beyond the tolerance',
    decimals: 2,
    holdsFor: '1h',
    severity: 'warning',
    noData: NO_DATA.findings,
    summary:
      '{account_id} {month}: {value} {unit} more than tolerated differ from the {source} of {provider}',
    description:
      'Our {measure} of {month} and the provider’s {source} differ, beyond the tolerance, by {value} {unit} that nothing explains. While no check runs, nothing new is found.',
    panel: 'Agreement by month',
    sets: { provider: 'provider', account: 'account_id' },
  },
  {
    ...BOOKS,
    uid: 'meterhouse-closed-month-correction',
    title: 'Closed month is corrected',
    view: 'closed_month_correction',
    labels: ['account_id', 'provider', 'month', 'currency'],
    comparison: '>=',
    threshold: '0.01',
    unit: 'of the label `currency`',
    decimals: 2,
    holdsFor: '0s',
    severity: 'info',
    noData: NO_DATA.findings,
    summary: '{account_id}: {value} {currency} of the closed month {month} turned out otherwise',
    description:
      'Within the last 24 hours {provider} or an allocation rule changed {value} {currency} of {month}. The closed statement does not change; the open month carries the correction.',
    panel: 'Corrections: what changed, and why',
    sets: { provider: 'provider', account: 'account_id' },
  },
  {
    ...BOOKS,
    uid: 'meterhouse-currency-off-par',
    title: 'USDC is off par',
    view: 'currency_off_par',
    labels: ['base_currency', 'quote_currency', 'source'],
    comparison: '>',
    threshold: '0.5',
    unit: '%',
    decimals: 2,
    holdsFor: '0s',
    severity: 'warning',
    noData: NO_DATA.optional,
    summary: '{base_currency} is {value} % off par with {quote_currency}',
    description:
      'The exchange rate in force for {base_currency} to {quote_currency} (source: {source}) is {value} % away from 1. Reported costs follow that rate.',
    dashboard: 'wallets',
    panel: 'Wallets',
  },
];
