/** `meterhouse close --month YYYY-MM`: freezes a month's statement. */

import { counted } from '../../foundation/counted.ts';
import { CheckFailedError } from '../../foundation/errors.ts';
import { monthRange } from '../../foundation/months.ts';
import type { CloseObstacle } from '../../transforms/ledger/close-month.ts';
import { readConfiguration } from '../config.ts';
import { type Context, present } from '../context.ts';
import { table } from '../output.ts';
import { Pipeline } from '../pipeline.ts';

/** Throws CheckFailedError when obstacles remain and the close is not forced. */
export async function closeCommand(
  context: Context,
  options: { readonly month: string; readonly force: boolean },
): Promise<void> {
  const range = monthRange(options.month);
  const configuration = await readConfiguration(context.configFile, context.environment);
  const pipeline = await Pipeline.open(configuration, context.clock, context.log);
  try {
    const result = await pipeline.closeMonth(range, options.force);
    present(
      context,
      {
        month: options.month,
        is_closed: result.isClosed,
        is_forced: options.force && result.obstacles.length > 0,
        obstacles: result.obstacles,
        charges_posted: result.chargesPosted,
        statement_rows: result.statementRows,
      },
      () =>
        [
          ...(result.obstacles.length > 0 ? [obstacleText(result.obstacles), '\n'] : []),
          result.isClosed
            ? `${options.month} is closed: ${result.statementRows} daily costs are final; later corrections are stated in the month that is open then\n`
            : '',
        ].join(''),
    );
    if (!result.isClosed) {
      throw new CheckFailedError(
        `${options.month} is not closed: ${counted(result.obstacles.length, 'obstacle')}: fix them, or use --force (recorded)`,
      );
    }
  } finally {
    await pipeline.close();
  }
}

function obstacleText(obstacles: readonly CloseObstacle[]): string {
  const rows = table(obstacles, [
    { title: 'obstacle', value: (row) => row.kind },
    { title: 'account', value: (row) => row.account_id },
    { title: 'how many', value: (row) => String(row.occurrences), align: 'right' },
    { title: 'such as', value: (row) => row.example },
  ]);
  const remedies = new Map(obstacles.map((row) => [row.kind, row.remedy]));
  return `${rows}\n${[...remedies].map(([kind, remedy]) => `${kind}: ${remedy}\n`).join('')}`;
}
