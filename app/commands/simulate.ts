/** `meterhouse simulate`: serves the five simulated provider APIs on fixed ports until stopped. */
import { SIMULATED_HOSTS, startSimulation } from '../../simulator/simulation.ts';
import { type Context, present } from '../context.ts';
import { keepTime } from '../demo/keep-time.ts';
import { table } from '../output.ts';

export interface SimulateOptions {
  readonly seed: string;
  readonly days: number;
  readonly scale: number;
  readonly firstPort: number;
  /** Simulated seconds per real second. */
  readonly speed: number;
}

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
    await keepTime(simulation.clock, context, options.speed);
  } finally {
    await simulation.close();
  }
}
