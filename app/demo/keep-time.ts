/** Lets a simulated world go on by the run's own clock. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Simulation } from '../../simulator/simulation.ts';
import type { Context } from '../context.ts';

const TICK_MS = 250;

/**
 * Returns at the context's signal. `speed`: simulated seconds per real second since the instant at
 * which the world stands when this is called; at 1 the world's time is the clock's.
 */
export async function keepTime(
  world: Simulation['clock'],
  context: Pick<Context, 'clock' | 'signal'>,
  speed: number,
): Promise<void> {
  const fromMs = world.nowMs;
  while (!context.signal.aborted) {
    const passedMs = (context.clock.nowMs() - fromMs) * speed;
    world.advanceTo(Math.max(world.nowMs, fromMs + passedMs));
    await sleep(TICK_MS, undefined, { signal: context.signal }).catch(() => undefined);
  }
}
