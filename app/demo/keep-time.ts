/** Lets a simulated world go on at the pace of the run's own clock. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Simulation } from '../../simulator/simulation.ts';
import type { Context } from '../context.ts';

const TICK_MS = 250;

/** Returns at the context's signal. `speed`: simulated seconds per real second. */
export async function keepTime(
  world: Simulation['clock'],
  context: Pick<Context, 'clock' | 'signal'>,
  speed: number,
): Promise<void> {
  const worldFromMs = world.nowMs;
  const fromMs = context.clock.nowMs();
  while (!context.signal.aborted) {
    const passedMs = (context.clock.nowMs() - fromMs) * speed;
    world.advanceTo(Math.max(world.nowMs, worldFromMs + passedMs));
    await sleep(TICK_MS, undefined, { signal: context.signal }).catch(() => undefined);
  }
}
