/** `meterhouse check`: the claims on the warehouse, and the ledger against the providers' figures. */

import { CheckFailedError } from '../../foundation/errors.ts';
import {
  type CheckResult,
  readChecks,
  refreshReconciliation,
  runCheck,
} from '../../transforms/checks/run-checks.ts';
import { underReportLock } from '../../transforms/marts/refresh-reports.ts';
import { registerAccounts } from '../account-identity.ts';
import { refuseClockAhead } from '../clock-guard.ts';
import { readConfiguration } from '../config.ts';
import { type Context, present } from '../context.ts';
import { formatAmount, table } from '../output.ts';
import {
  type Comparison,
  isFailure,
  readReconciliation,
  readWorstLines,
  type WorstLine,
} from '../reconciliation.ts';
import { openReady } from '../warehouse.ts';

const WORST_LINES_SHOWN = 15;

/** Throws CheckFailedError when a claim is broken or a comparison is above its tolerance. */
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
      const results: CheckResult[] = [];
      for (const check of await readChecks()) results.push(await runCheck(connection, check));
      return results;
    });
    const reconciliation = await readReconciliation(warehouse.pool, options.month);
    const worst = await readWorstLines(warehouse.pool, options.month, WORST_LINES_SHOWN);
    present(context, { claims, reconciliation, worst }, () =>
      [
        'The ledger and the providers\u2019 own figures\n\n',
        reconciliationTable(reconciliation),
        ...(worst.length > 0 ? ['\nDifferences that nothing explains\n\n', worstTable(worst)] : []),
        '\nClaims on the warehouse\n\n',
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
  return row.is_proof ? 'agrees' : 'cross-check';
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
    { title: 'claim', value: (row) => row.name.replaceAll('_', ' ') },
    { title: 'rows against it', value: (row) => String(row.offenders), align: 'right' },
    { title: '', value: (row) => stateOf(row) },
  ]);
}

function stateOf({ kind, offenders }: CheckResult): string {
  if (offenders === 0) return 'holds';
  return kind === 'claim' ? 'broken' : 'look at it';
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
    ...(broken.length > 0 ? [`broken: ${broken.map(({ name }) => name).join(', ')}`] : []),
    ...failing.map(
      (row) =>
        `${row.account_id} ${row.month}: ${row.provider} differs from its ${row.source} by ${row.unexplained} ${row.unit}`,
    ),
    ...(worst[0] === undefined ? [] : [`first of all ${worst[0].line} (${worst[0].class})`]),
  ];
  throw new CheckFailedError(parts.join('; '));
}
