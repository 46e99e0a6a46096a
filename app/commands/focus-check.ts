/** `meterhouse focus-check <folder>`: holds FOCUS exports to the standard, rule by rule. */

import { existsSync } from 'node:fs';
import { type CheckedExport, checkFolder } from '../../exports/focus/check-export.ts';
import type { RuleResult } from '../../exports/focus/check-rule.ts';
import { CheckFailedError } from '../../foundation/errors.ts';
import { readConfiguration } from '../config.ts';
import { type Context, present } from '../context.ts';
import { openDatabase } from '../database.ts';
import { table } from '../output.ts';
import { openThrowawayDatabase } from '../throwaway-database.ts';

interface FocusCheckOptions {
  readonly folder: string;
  /** False: a configuration is used where there is one, and not missed where there is none. */
  readonly isConfigurationNamed: boolean;
}

/** The database only lends its arithmetic: temporary tables. Throws CheckFailedError. */
export async function focusCheckCommand(
  context: Context,
  { folder, isConfigurationNamed }: FocusCheckOptions,
): Promise<void> {
  const isConfigured = isConfigurationNamed || existsSync(context.configFile);
  const database = isConfigured
    ? await openDatabase(
        (await readConfiguration(context.configFile, context.environment)).database,
      )
    : await openThrowawayDatabase();
  try {
    const exports = await checkFolder(database.pool, folder);
    present(context, { exports }, () => exports.map(report).join('\n'));
    const failed = exports.flatMap(({ results }) => results.filter(isFailure));
    if (failed.length > 0) {
      const ids = [...new Set(failed.map(({ id }) => id))];
      throw new CheckFailedError(`${failed.length} rules failed: ${ids.join(', ')}`);
    }
  } finally {
    await database.close();
  }
}

function isFailure({ state }: RuleResult): boolean {
  return state === 'fail';
}

function report({ metadataFile, version, format, month, results }: CheckedExport): string {
  const count = (state: RuleResult['state']): number =>
    results.filter((rule) => rule.state === state).length;
  return [
    `FOCUS ${version}, ${month}, ${format}: ${metadataFile}\n\n`,
    table(results, [
      { title: 'rule', value: ({ id }) => id },
      { title: 'result', value: ({ state }) => state },
      { title: 'offenders', value: ({ offenders }) => String(offenders), align: 'right' },
      { title: 'says', value: ({ says }) => says },
      { title: '', value: ({ state, examples }) => (state === 'pass' ? '' : examples.join('; ')) },
    ]),
    `\n${count('pass')} pass, ${count('fail')} fail, ${count('not applicable')} not applicable\n`,
  ].join('');
}
