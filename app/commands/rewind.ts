/** `meterhouse rewind --to INSTANT`: takes back what was recorded with a clock that was ahead. */
import { readConfiguration } from '../config.ts';
import { type Context, present } from '../context.ts';
import { Pipeline } from '../pipeline.ts';

export async function rewindCommand(
  context: Context,
  options: { readonly toMs: number },
): Promise<void> {
  const configuration = await readConfiguration(context.configFile, context.environment);
  const pipeline = await Pipeline.open(configuration, context.clock, context.log);
  try {
    const result = await pipeline.rewind(options.toMs);
    const { transform, closedMonths } = result;
    present(
      context,
      {
        rewound_to: new Date(options.toMs).toISOString(),
        former_clock_at: result.formerClockAt.toISOString(),
        charges_reversed: result.chargesReversed,
        charges_restored: result.chargesRestored,
        versions_withdrawn: result.versionsWithdrawn,
        versions_restored: result.versionsRestored,
        sweeps_withdrawn: result.sweepsWithdrawn,
        closed_months: closedMonths,
        charges_posted: transform.chargesPosted,
      },
      () =>
        [
          `${result.chargesReversed} charges reversed and ${result.chargesRestored} restored; `,
          `${result.versionsWithdrawn} payloads and ${result.sweepsWithdrawn} sweeps withdrawn, `,
          `${result.versionsRestored} payloads current again\n`,
          `transformed at the present clock: ${transform.chargesPosted} charges posted\n`,
          ...closedMonths.map(
            (month) =>
              `${month} was closed with the wrong clock and stays closed: its corrections are in the first open month\n`,
          ),
        ].join(''),
    );
  } finally {
    await pipeline.close();
  }
}
