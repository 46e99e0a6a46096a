/** `meterhouse explain <charge or resource>`: why a line of a statement is what it is. */

import { restored } from '../../exports/formats/column.ts';
import { UsageError } from '../../foundation/errors.ts';
import { monthRange } from '../../foundation/months.ts';
import { explain } from '../../transforms/explain/explain.ts';
import { readConfiguration } from '../config.ts';
import { type Context, present } from '../context.ts';
import { explanationText } from '../explanation/explanation-text.ts';
import { readStoredCurrency } from '../stored-currency.ts';
import { openReady } from '../warehouse.ts';

export interface ExplainCommandOptions {
  /** As the chargeback files have it. */
  readonly subject: string;
  readonly month: string | null;
  readonly account: string | null;
  readonly meter: string | null;
}

/** Throws UsageError when nothing matches. */
export async function explainCommand(
  context: Context,
  options: ExplainCommandOptions,
): Promise<void> {
  const { subject, month, account, meter } = options;
  const configuration = await readConfiguration(context.configFile, context.environment);
  const warehouse = await openReady(configuration.database);
  try {
    const currency = await readStoredCurrency(warehouse.pool, configuration.reportingCurrency);
    const explanation = await explain(warehouse.pool, {
      subjects: [subject, restored(subject)],
      account,
      meter,
      month: month === null ? null : monthRange(month).from,
      reportingCurrency: currency,
    });
    if (explanation.parts.length === 0) {
      throw new UsageError(
        `nothing is charged for "${subject}"${month === null ? '' : ` in ${month}`}: name a charge key or a resource id as the chargeback files have it`,
      );
    }
    present(context, explanation, () => explanationText(explanation, currency));
  } finally {
    await warehouse.close();
  }
}
