/** `meterhouse chargeback verify [folder]`: are the files of every month what they were sealed as? */
import type pg from 'pg';
import {
  type Finding,
  renewChain,
  sealedMonths,
  verifyAmounts,
  verifySeals,
} from '../../exports/chargeback/verify-chargeback.ts';
import { CheckFailedError } from '../../foundation/errors.ts';
import { monthRange } from '../../foundation/months.ts';
import { type Configuration, readConfiguration } from '../config.ts';
import { type Context, present } from '../context.ts';
import { Knowledge } from '../knowledge.ts';
import { table } from '../output.ts';
import { currencyOfMonth } from '../stored-currency.ts';
import { openReady } from '../warehouse.ts';

interface VerifyOptions {
  readonly folder: string;
  /** Repairs the chain before it is checked. */
  readonly renewsChain: boolean;
  readonly asOfMs: number | null;
}

/** Throws CheckFailedError when anything is found. */
export async function chargebackVerifyCommand(
  context: Context,
  options: VerifyOptions,
): Promise<void> {
  const months = await sealedMonths(options.folder);
  const renewed = options.renewsChain ? await renewChain(options.folder) : [];
  const configuration = await readConfiguration(context.configFile, context.environment);
  const warehouse = await openReady(configuration.database);
  const findings: Finding[] = [];
  try {
    for (const month of months) {
      findings.push(...(await verifySeals(options.folder, month)));
      findings.push(...(await amountFindings(warehouse.pool, configuration, month, options)));
    }
  } finally {
    await warehouse.close();
  }
  present(context, { months, renewed, findings }, () => textOf(months, renewed, findings));
  if (findings.length > 0) {
    throw new CheckFailedError(`${findings.length} finding(s) in ${options.folder}`);
  }
}

async function amountFindings(
  pool: pg.Pool,
  configuration: Configuration,
  month: string,
  { folder, asOfMs }: VerifyOptions,
): Promise<Finding[]> {
  const knowledge = await Knowledge.of(asOfMs, monthRange(month));
  return verifyAmounts(pool, folder, {
    month,
    reportingCurrency: await currencyOfMonth(pool, configuration.reportingCurrency, month),
    resolve: (text) => knowledge.resolve(text),
  });
}

function textOf(
  months: readonly string[],
  renewed: readonly string[],
  findings: readonly Finding[],
): string {
  return [
    ...renewed.map((month) => `the chain of ${month} is renewed\n`),
    findings.length === 0
      ? `${months.join(', ')}: files, chain and amounts are as sealed\n`
      : table(findings, [
          { title: 'month', value: (row) => row.month },
          { title: 'what', value: (row) => row.kind },
          { title: '', value: (row) => row.text },
        ]),
  ].join('');
}
