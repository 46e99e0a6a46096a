/** `meterhouse transform`: turns what has landed into charges and reports. */
import { readConfiguration } from '../config.ts';
import { type Context, present } from '../context.ts';
import { refusedLines } from '../output.ts';
import { Pipeline } from '../pipeline.ts';

export async function transformCommand(
  context: Context,
  options: { readonly full: boolean },
): Promise<void> {
  const configuration = await readConfiguration(context.configFile, context.environment);
  const pipeline = await Pipeline.open(configuration, context.clock, context.log);
  try {
    const result = await pipeline.transform({ isFull: options.full });
    present(
      context,
      {
        changes_taken: result.changesTaken,
        resources_looked_at: result.scopes,
        charges_posted: result.chargesPosted,
        charges_reversed: result.chargesReversed,
        accruals_written: result.accrualsWritten,
        wallet_movements: result.walletMovements,
        duration_ms: Math.round(result.durationMs),
        reference_defects: pipeline.referenceDefects,
      },
      () =>
        `${result.changesTaken} landed changes, ${result.scopes} resources computed: ` +
        `${result.chargesPosted} charges posted, ${result.chargesReversed} reversed, ` +
        `${result.accrualsWritten} accruals written, ${result.walletMovements} wallet movements ` +
        `(${Math.round(result.durationMs)} ms)\n` +
        refusedLines(pipeline.referenceDefects),
    );
  } finally {
    await pipeline.close();
  }
}
