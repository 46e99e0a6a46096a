/** `meterhouse rebuild`: computes everything behind landing again. */
import { readConfiguration } from '../config.ts';
import { type Context, present } from '../context.ts';
import { Pipeline } from '../pipeline.ts';

export async function rebuildCommand(
  context: Context,
  options: { readonly discardHistory: boolean },
): Promise<void> {
  const configuration = await readConfiguration(context.configFile, context.environment);
  const pipeline = await Pipeline.open(configuration, context.clock, context.log);
  try {
    const result = await pipeline.rebuild(options.discardHistory);
    const seconds = Math.round(result.durationMs / 1000);
    present(
      context,
      {
        resources_computed: result.scopes,
        charges_posted: result.chargesPosted,
        charges_reversed: result.chargesReversed,
        accruals_written: result.accrualsWritten,
        duration_ms: Math.round(result.durationMs),
      },
      () => {
        const isSame = result.chargesPosted + result.chargesReversed + result.accrualsWritten === 0;
        const outcome = isSame
          ? 'every charge is unchanged'
          : `${result.chargesPosted} charges posted, ${result.chargesReversed} reversed, ${result.accrualsWritten} accruals written`;
        return `${result.scopes} resources computed again from landing in ${seconds} s: ${outcome}; marts made anew\n`;
      },
    );
  } finally {
    await pipeline.close();
  }
}
