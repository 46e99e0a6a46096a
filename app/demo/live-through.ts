/**
 * Lives through simulated days as the daemon would: at every instant that a schedule names, the
 * due streams are collected, and landed changes are transformed when the transform's own schedule
 * comes up.
 */
import { WaitAskedError } from '../../foundation/errors.ts';
import type { SteppedClock } from '../clock.ts';
import { allStreams, dueStreams, nextScheduledMs, scheduleOf } from '../due-streams.ts';
import type { Pipeline } from '../pipeline.ts';

export interface LiveThroughOptions {
  readonly pipeline: Pipeline;
  readonly clock: SteppedClock;
  /** Moves the providers' world before each step. */
  readonly advanceWorld: (toMs: number) => void;
  readonly fromMs: number;
  readonly toMs: number;
  readonly transformSchedule: string;
  readonly afterTransform?: (nowMs: number) => Promise<void>;
  readonly signal: AbortSignal;
  readonly onStep: (nowMs: number) => void;
}

export interface LivedThrough {
  readonly steps: number;
  readonly sweeps: number;
  readonly requests: number;
  readonly failures: readonly string[];
}

export async function liveThrough(options: LiveThroughOptions): Promise<LivedThrough> {
  const { pipeline, clock, fromMs, toMs } = options;
  const { configuration } = pipeline;
  const expressions = new Set(
    allStreams(configuration).map(({ stream }) => scheduleOf(configuration, stream)),
  );
  const total = { steps: 0, sweeps: 0, requests: 0 };
  const failures: string[] = [];
  let nextTransformMs = nextScheduledMs(options.transformSchedule, fromMs);

  for (let nowMs = fromMs; ; nowMs = nextStepMs(expressions, nextTransformMs, nowMs, toMs)) {
    options.signal.throwIfAborted();
    clock.set(nowMs);
    options.advanceWorld(nowMs);
    const isLast = nowMs >= toMs;
    const streams = isLast
      ? allStreams(configuration)
      : await dueStreams(pipeline.warehouse.pool, configuration, nowMs);
    for (const account of await pipeline.collector.collect(streams, { signal: options.signal })) {
      if (account.error instanceof WaitAskedError) failures.push(account.error.message);
      else if (account.error !== null) throw account.error;
      for (const sweep of account.sweeps) {
        total.sweeps += 1;
        total.requests += sweep.requests;
        if (sweep.error !== null && sweep.outcome === 'failed') failures.push(sweep.error);
      }
    }
    if (isLast || nowMs >= nextTransformMs) {
      await pipeline.transform();
      await options.afterTransform?.(nowMs);
      nextTransformMs = nextScheduledMs(options.transformSchedule, nowMs);
    }
    total.steps += 1;
    options.onStep(nowMs);
    if (isLast) return { ...total, failures };
  }
}

function nextStepMs(
  expressions: ReadonlySet<string>,
  nextTransformMs: number,
  nowMs: number,
  toMs: number,
): number {
  let next = Math.min(toMs, nextTransformMs);
  for (const expression of expressions) {
    next = Math.min(next, nextScheduledMs(expression, nowMs));
  }
  return next;
}
