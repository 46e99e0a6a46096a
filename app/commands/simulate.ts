/** `meterhouse simulate`: serves the five simulated provider APIs on fixed ports until stopped. */
import { setTimeout as sleep } from 'node:timers/promises';
import { SIMULATED_HOSTS, startSimulation } from '../../simulator/simulation.ts';
import { type Context, present } from '../context.ts';
import { table } from '../output.ts';

export interface SimulateOptions {
  readonly seed: string;
  readonly days: number;
  readonly scale: number;
  readonly firstPort: number;
  /** Simulated seconds per real second. */
  readonly speed: number;
}

const TICK_MS = 250;
const DAY_MS = 86_400_000;

/** The simulated world began `days` ago and goes on for as many days from now. */
export async function simulateCommand(context: Context, options: SimulateOptions): Promise<void> {
  const beganMs = context.clock.nowMs();
  const simulation = await startSimulation({
    seed: options.seed,
    startMs: beganMs - options.days * DAY_MS,
    endMs: beganMs + options.days * DAY_MS,
    scale: options.scale,
    firstPort: options.firstPort,
  });
  simulation.clock.advanceTo(beganMs);
  try {
    const rows = SIMULATED_HOSTS.map((host) => ({ host, url: simulation.urls[host] }));
    present(context, { seed: options.seed, urls: simulation.urls }, () =>
      [
        table(rows, [
          { title: 'provider', value: (row) => row.host },
          { title: 'base_url', value: (row) => row.url },
        ]),
        '\nthe credentials are in simulator/simulation.ts; stop with Ctrl-C\n',
      ].join(''),
    );
    while (!context.signal.aborted) {
      await sleep(TICK_MS, undefined, { signal: context.signal }).catch(() => undefined);
      const passedMs = (context.clock.nowMs() - beganMs) * options.speed;
      simulation.clock.advanceTo(Math.max(simulation.clock.nowMs, beganMs + passedMs));
    }
  } finally {
    await simulation.close();
  }
}
