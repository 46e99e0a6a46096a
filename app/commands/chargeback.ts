/** `meterhouse chargeback --month YYYY-MM`: what each team is charged, in files under a manifest. */
import type { ChargebackFormat } from '../../exports/chargeback/formats.ts';
import { omissionText } from '../../exports/chargeback/manifest.ts';
import { brokenSuccessor, renewChain } from '../../exports/chargeback/verify-chargeback.ts';
import { writeChargeback } from '../../exports/chargeback/write-chargeback.ts';
import type { CsvForm } from '../../exports/formats/column.ts';
import { UsageError } from '../../foundation/errors.ts';
import { monthRange } from '../../foundation/months.ts';
import { readConfiguration } from '../config.ts';
import { type Context, present } from '../context.ts';
import { Knowledge } from '../knowledge.ts';
import { resolveMonthBefore } from '../month-before.ts';
import { formatAmount, table } from '../output.ts';
import { currencyOfMonth } from '../stored-currency.ts';
import { openReady } from '../warehouse.ts';

export async function chargebackCommand(
  context: Context,
  options: {
    readonly month: string;
    readonly out: string;
    readonly asOfMs: number | null;
    readonly formats: readonly ChargebackFormat[];
    readonly csvForm: CsvForm;
    /** Lets the manifests of later months name the one that is written now. */
    readonly renewsChain: boolean;
  },
): Promise<void> {
  const range = monthRange(options.month);
  if (Date.parse(range.from) > context.clock.nowMs()) {
    throw new UsageError(`${options.month} has not begun: there is nothing to charge yet`);
  }
  const configuration = await readConfiguration(context.configFile, context.environment);
  const knowledge = await Knowledge.of(options.asOfMs, range);
  const warehouse = await openReady(configuration.database);
  try {
    const reportingCurrency = await currencyOfMonth(
      warehouse.pool,
      configuration.reportingCurrency,
      options.month,
    );
    const chargeback = await writeChargeback(warehouse.pool, {
      month: options.month,
      reportingCurrency,
      folder: options.out,
      formats: options.formats,
      journal: configuration.journal,
      csvForm: options.csvForm,
      statements: configuration.statements,
      signingKey: configuration.signature.secret_key ?? null,
      resolve: (text) => knowledge.resolve(text),
      resolveBefore: await resolveMonthBefore(warehouse.pool, configuration, options),
    });
    for (const row of chargeback.omissions) {
      context.log.warn(`the statement of ${options.month} leaves out ${omissionText(row)}`);
    }
    if (options.renewsChain) {
      await renewChain(options.out, configuration.signature.secret_key ?? null);
    }
    const broken = await brokenSuccessor(options.out, options.month);
    const isOpen = Date.parse(range.to) > context.clock.nowMs();
    present(context, { ...chargeback, is_month_over: !isOpen, broken_chain: broken }, () =>
      [
        table(chargeback.totals, [
          { title: 'currency', value: (row) => row.billing_currency },
          { title: 'billed', value: (row) => formatAmount(row.billed_cost), align: 'right' },
          {
            title: reportingCurrency,
            value: (row) => formatAmount(row.reporting_cost),
            align: 'right',
          },
        ]),
        '\n',
        ...chargeback.files.map(({ file, rows }) => `${file}  ${rows} rows\n`),
        `${chargeback.manifestFile}\n`,
        ...(broken === null ? [] : [`${broken.month}: ${broken.text}\n`]),
        ...(isOpen ? [`${options.month} is not over: these figures will still grow\n`] : []),
      ].join(''),
    );
  } finally {
    await warehouse.close();
  }
}
