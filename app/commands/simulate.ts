/** `meterhouse simulate`: serves the five simulated provider APIs on fixed ports until stopped. */
import path from 'node:path';
import { stringify } from 'yaml';
import { startSimulation } from '../../simulator/simulation.ts';
import { type Context, present } from '../context.ts';
import { simulatedAccounts, writeDemoFolder } from '../demo/demo-folder.ts';
import { keepTime } from '../demo/keep-time.ts';

export interface SimulateOptions {
  readonly seed: string;
  readonly days: number;
  readonly scale: number;
  readonly firstPort: number;
  /** Simulated seconds per real second. */
  readonly speed: number;
  /** Folder for a configuration with the reference files of the simulated customer; null for none. */
  readonly out: string | null;
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
    const written =
      options.out === null ? null : await writeDemoFolder(path.resolve(options.out), simulation);
    const configuration = {
      database: { folder: 'simulated-postgres' },
      reporting_currency: 'USD',
      accounts: simulatedAccounts(simulation),
    };
    present(
      context,
      { seed: options.seed, urls: simulation.urls, configuration, configuration_file: written },
      () =>
        [
          '# The simulated providers answer until Ctrl-C. ',
          written === null
            ? 'Save this as meterhouse.yaml; `--out FOLDER` writes one with prices.\n'
            : `Written with prices and contracts: ${written}\n`,
          stringify(configuration),
        ].join(''),
    );
    await keepTime(simulation.clock, context, options.speed);
  } finally {
    await simulation.close();
  }
}
