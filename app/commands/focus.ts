/** `meterhouse focus --month YYYY-MM`: the month's statement as FOCUS datasets with metadata. */

import type { FocusFormat, FocusVersion } from '../../exports/focus/columns.ts';
import { exportFocus } from '../../exports/focus/export-focus.ts';
import { UsageError } from '../../foundation/errors.ts';
import { monthRange } from '../../foundation/months.ts';
import { readConfiguration } from '../config.ts';
import { type Context, present } from '../context.ts';
import { formatAmount, table } from '../output.ts';
import { currencyOfMonth } from '../stored-currency.ts';
import { openReady } from '../warehouse.ts';

export interface FocusCommandOptions {
  readonly month: string;
  readonly version: FocusVersion;
  readonly format: FocusFormat;
  readonly out: string;
}

/** Throws UsageError for a month that has not begun or has no cost. */
export async function focusCommand(context: Context, options: FocusCommandOptions): Promise<void> {
  const range = monthRange(options.month);
  if (Date.parse(range.from) > context.clock.nowMs()) {
    throw new UsageError(`${options.month} has not begun: there is nothing to export yet`);
  }
  const configuration = await readConfiguration(context.configFile, context.environment);
  const warehouse = await openReady(configuration.database);
  try {
    const written = await exportFocus(warehouse.pool, {
      ...options,
      ...range,
      reportingCurrency: await currencyOfMonth(
        warehouse.pool,
        configuration.reportingCurrency,
        options.month,
      ),
      folder: options.out,
    });
    const isOpen = Date.parse(range.to) > context.clock.nowMs();
    present(context, { ...written, is_month_over: !isOpen }, () =>
      [
        table(written.totals, [
          { title: 'account', value: (row) => row.billing_account },
          { title: 'currency', value: (row) => row.billing_currency },
          { title: 'billed', value: (row) => formatAmount(row.billed_cost), align: 'right' },
          { title: 'effective', value: (row) => formatAmount(row.effective_cost), align: 'right' },
        ]),
        '\n',
        ...written.files.map(({ name, rows }) => `${written.folder}/${name}  ${rows} rows\n`),
        `${written.metadataFile}\n`,
        ...(written.is_closed
          ? []
          : [`${options.month} is an open billing period: it may still change\n`]),
      ].join(''),
    );
  } finally {
    await warehouse.close();
  }
}
