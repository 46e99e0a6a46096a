/** What an export of the small ledger is asked for. */
import type { FocusFormat, FocusVersion } from '../../../exports/focus/columns.ts';
import type { FocusOptions } from '../../../exports/focus/export-focus.ts';

const RANGES = {
  '2026-08': { from: '2026-08-01', to: '2026-09-01' },
  '2026-09': { from: '2026-09-01', to: '2026-10-01' },
} as const;

export function optionsOf(
  folder: string,
  version: FocusVersion = '1.4',
  format: FocusFormat = 'csv',
  month: keyof typeof RANGES = '2026-08',
): FocusOptions {
  return { month, ...RANGES[month], version, format, reportingCurrency: 'USD', folder };
}
