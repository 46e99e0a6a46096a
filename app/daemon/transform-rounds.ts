/** The rounds of the transform's loop: landed changes become charges at the schedule's instants. */
import type { Context } from '../context.ts';
import { nextScheduledMs } from '../due-streams.ts';
import type { Pipeline } from '../pipeline.ts';
import type { RoundResult } from './loop.ts';

/** How often changes are worked out where the configuration says nothing else. */
export const TRANSFORM_SCHEDULE = '*/10 * * * *';

/** Transforms once; `onTransformed` is called when it is committed. */
export async function transformRound(
  pipeline: Pipeline,
  context: Pick<Context, 'clock' | 'log'>,
  onTransformed: () => void,
): Promise<RoundResult> {
  const { clock, log } = context;
  const schedule = pipeline.configuration.schedules.get('transform') ?? TRANSFORM_SCHEDULE;
  const defect = await pipeline.rereadReference();
  const result = await pipeline.transform();
  log.info(
    {
      changes: result.changesTaken,
      entered: result.chargesPosted,
      reversed: result.chargesReversed,
      set_aside: result.setAside,
      ms: Math.round(result.durationMs),
    },
    'transformed',
  );
  onTransformed();
  const nowMs = clock.nowMs();
  return { waitMs: nextScheduledMs(schedule, nowMs) - nowMs, trouble: defect };
}
