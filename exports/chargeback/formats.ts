/** The formats of the monthly chargeback. */
import { UsageError } from '../../foundation/errors.ts';
import type { CsvForm } from '../formats/column.ts';

export const CHARGEBACK_FORMATS = ['csv', 'xlsx', 'json', 'arrow', 'parquet', 'html'] as const;

export type ChargebackFormat = (typeof CHARGEBACK_FORMATS)[number];

/** Reads `csv,parquet`. Throws UsageError for a format that does not exist. */
export function parseFormats(text: string): ChargebackFormat[] {
  const wanted = text.split(',').map((name) => name.trim().toLowerCase());
  for (const name of wanted) {
    if (!CHARGEBACK_FORMATS.some((format) => format === name)) {
      throw new UsageError(
        `there is no format "${name}"; there are: ${CHARGEBACK_FORMATS.join(', ')}`,
      );
    }
  }
  return CHARGEBACK_FORMATS.filter((format) => wanted.includes(format));
}

export const SEPARATORS = [',', ';', 'tab'] as const;

/**
 * How CSV files are written. Without a separator it is a comma, or a semicolon beside a decimal comma.
 * Throws UsageError where one character would be both.
 */
export function parseCsvForm(asked: {
  readonly decimal: CsvForm['decimalMark'];
  readonly separator: (typeof SEPARATORS)[number] | null;
  readonly hasByteOrderMark: boolean;
}): CsvForm {
  const { decimal, separator, hasByteOrderMark } = asked;
  if (decimal === ',' && separator === ',') {
    throw new UsageError(
      'a comma cannot be decimal mark and separator: use --separator ";" or --separator tab',
    );
  }
  const between = separator ?? (decimal === ',' ? ';' : ',');
  return {
    decimalMark: decimal,
    separator: between === 'tab' ? '\t' : between,
    hasByteOrderMark,
  };
}
