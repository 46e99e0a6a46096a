/** The formats of the monthly chargeback. */
import { UsageError } from '../../foundation/errors.ts';

export const CHARGEBACK_FORMATS = ['csv', 'json', 'arrow', 'parquet', 'html'] as const;

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
