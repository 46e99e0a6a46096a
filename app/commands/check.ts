/** `meterhouse check`: reconciles the ledger with the providers' figures and runs the data checks. */

import { CheckFailedError } from '../../foundation/errors.ts';
import {
  type CheckResult,
  refreshReconciliation,
  runChecks,
} from '../../transforms/checks/run-checks.ts';
import { underReportLock } from '../../transforms/marts/refresh-reports.ts';
import { registerAccounts } from '../account-identity.ts';
import { refuseClockAhead } from '../clock-guard.ts';
import { readConfiguration } from '../config.ts';
import { type Context, present } from '../context.ts';
import { formatAmount, table } from '../output.ts';
import {
  type Comparison,
  hasDataOf,
  isFailure,
  type MonthUncertainty,
  readMonthUncertainty,
  readReconciliation,
  readUncomparedMonths,
  readWorstLines,
  type UncomparedMonth,
  type WorstLine,
} from '../reconciliation.ts';
import { readStoredCurrency } from '../stored-currency.ts';
import { openReady } from '../warehouse.ts';

const WORST_LINES_SHOWN = 15;

/**
 * Throws CheckFailedError when a data check fails, a comparison is above its tolerance, or there is no
 * data of the month that is asked for.
 */
export async function checkCommand(
  context: Context,
  options: { readonly month: string | null },
): Promise<void> {
  const configuration = await readConfiguration(context.configFile, context.environment);
  const warehouse = await openReady(configuration.database);
  try {
    await refuseClockAhead(warehouse.pool, context.clock, context.log);
    await registerAccounts(warehouse.pool, configuration.accounts, context.clock.nowMs());
    const claims = await underReportLock(warehouse.pool, async (connection) => {
      await refreshReconciliation(connection, context.clock.nowMs());
      return runChecks(connection);
    });
    if (options.month !== null && !(await hasDataOf(warehouse.pool, options.month))) {
      throw new CheckFailedError(
        `there is no data of ${options.month}: no cost and no figure of a provider; collect the month with \`meterhouse collect --since ${options.month}\`, then run transform`,
      );
    }
    const reconciliation = await readReconciliation(warehouse.pool, options.month);
    const worst = await readWorstLines(warehouse.pool, options.month, WORST_LINES_SHOWN);
    const uncompared = await readUncomparedMonths(warehouse.pool, options.month);
    const uncertainty = await readMonthUncertainty(warehouse.pool, options.month);
    const currency = await readStoredCurrency(warehouse.pool, configuration.reportingCurrency);
    present(context, { claims, reconciliation, uncompared, uncertainty, worst }, () =>
      [
        'Our figures and the providers\u2019 own\n\n',
        reconciliationTable(reconciliation),
        ...uncompared.map(uncomparedLine),
        ...(worst.length > 0 ? ['\nDifferences that nothing explains\n\n', worstTable(worst)] : []),
        ...uncertaintySection(uncertainty, currency),
        '\nData checks\n\n',
        claimTable(claims),
        ...exampleLines(claims),
      ].join(''),
    );
    throwOnFailure(claims, reconciliation, worst);
  } finally {
    await warehouse.close();
  }
}

export function reconciliationTable(rows: readonly Comparison[]): string {
  return table(rows, [
    { title: 'month', value: (row) => row.month },
    { title: 'account', value: (row) => row.account_id },
    { title: 'provider', value: (row) => row.provider },
    { title: 'against', value: (row) => row.source },
    { title: 'lines', value: (row) => String(row.lines), align: 'right' },
    { title: 'matched', value: (row) => String(row.lines_matched), align: 'right' },
    { title: 'explained', value: (row) => String(row.lines_explained), align: 'right' },
    { title: 'ours', value: (row) => formatAmount(row.ours), align: 'right' },
    { title: 'theirs', value: (row) => formatAmount(row.theirs), align: 'right' },
    { title: 'unexplained', value: (row) => formatAmount(row.unexplained), align: 'right' },
    { title: '', value: (row) => row.unit },
    { title: 'verdict', value: verdictOf },
  ]);
}

function verdictOf(row: Comparison): string {
  if (row.is_failing) return `above ${formatAmount(row.tolerance)}`;
  return row.is_proof ? row.state : 'cross-check';
}

function uncomparedLine(row: UncomparedMonth): string {
  const amount = `${formatAmount(row.billed_cost)} ${row.billing_currency}`;
  return `\n${row.month} ${row.account_id}: ${amount} of ${row.provider} not compared: the provider has reported no figure\n`;
}

/** Nothing where nothing is uncertain. */
export function uncertaintySection(rows: readonly MonthUncertainty[], currency: string): string[] {
  if (rows.length === 0) return [];
  return [
    '\nCosts that may be wrong\n\n',
    table(rows, [
      { title: 'month', value: (row) => row.month },
      { title: 'account', value: (row) => row.account_id },
      { title: 'reason', value: (row) => row.kind },
      { title: 'of', value: (row) => row.about },
      {
        title: `at most ${currency}`,
        value: (row) => (row.amount === null ? 'not known' : formatAmount(row.amount)),
        align: 'right',
      },
      { title: 'detail', value: (row) => row.detail },
    ]),
  ];
}

function worstTable(rows: readonly WorstLine[]): string {
  return table(rows, [
    { title: 'month', value: (row) => row.month },
    { title: 'account', value: (row) => row.account_id },
    { title: 'against', value: (row) => row.source },
    { title: 'line', value: (row) => row.line },
    { title: 'ours', value: (row) => row.ours ?? '-', align: 'right' },
    { title: 'theirs', value: (row) => row.theirs ?? '-', align: 'right' },
    { title: 'difference', value: (row) => row.difference, align: 'right' },
    { title: '', value: (row) => row.unit },
    { title: 'class', value: (row) => row.class },
    { title: 'note', value: (row) => row.note ?? '' },
  ]);
}

function claimTable(rows: readonly CheckResult[]): string {
  return table(rows, [
    { title: 'data check', value: (row) => row.name.replaceAll('_', ' ') },
    { title: 'rows that fail', value: (row) => String(row.offenders), align: 'right' },
    { title: '', value: (row) => stateOf(row) },
  ]);
}

function stateOf({ kind, offenders }: CheckResult): string {
  if (offenders === 0) return 'passed';
  return kind === 'claim' ? 'failed' : 'needs review';
}

function exampleLines(results: readonly CheckResult[]): string[] {
  return results
    .filter(({ offenders }) => offenders > 0)
    .map(({ sentence, examples }) => {
      const rows = examples.map((example) => `  ${JSON.stringify(example)}\n`).join('');
      return `\n${sentence}\n${rows}`;
    });
}

function throwOnFailure(
  claims: readonly CheckResult[],
  reconciliation: readonly Comparison[],
  worst: readonly WorstLine[],
): void {
  const broken = claims.filter(({ kind, offenders }) => kind === 'claim' && offenders > 0);
  const failing = reconciliation.filter(isFailure);
  if (broken.length + failing.length === 0) return;
  const parts = [
    ...(broken.length > 0
      ? [`data checks failed: ${broken.map(({ name }) => name).join(', ')}`]
      : []),
    ...failing.map(
      (row) =>
        `${row.account_id} ${row.month}: ${row.provider} differs from its ${row.source} by ${row.unexplained} ${row.unit}`,
    ),
    ...(worst[0] === undefined ? [] : [`the largest on ${worst[0].line} (${worst[0].class})`]),
  ];
  throw new CheckFailedError(parts.join('; '));
}
