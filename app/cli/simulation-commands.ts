/** Commands around the simulated providers. */
import { type Command, Option } from 'commander';
import { later } from './later.ts';
import { type ContextOf, parsePositive } from './options.ts';

const demoCommand = later(() => import('../commands/demo.ts'), 'demoCommand');
const simulateCommand = later(() => import('../commands/simulate.ts'), 'simulateCommand');

const DEFAULT_FIRST_PORT = 8401;

interface DemoFlags {
  readonly days: number;
  readonly seed: string;
  readonly scale: number;
  readonly out: string;
  readonly live: boolean;
  readonly database: string | null;
  readonly readerPassword: string | null;
}

interface SimulateFlags {
  readonly seed: string;
  readonly days: number;
  readonly scale: number;
  readonly port: number;
  readonly speed: number;
  readonly out?: string;
}

export function addSimulationCommands(program: Command, contextOf: ContextOf): void {
  program
    .command('simulate')
    .description('serve the five simulated provider APIs until stopped')
    .option('--seed <text>', 'which history', 'meterhouse')
    .option('--days <n>', 'days of history before now, and as many to come', parsePositive, 30)
    .option('--scale <n>', 'size of the fleet; 1 is the demo\u2019s', parsePositive, 1)
    .option('--port <n>', 'first of five consecutive ports', parsePositive, DEFAULT_FIRST_PORT)
    .option('--speed <n>', 'simulated seconds per second', parsePositive, 1)
    .option('--out <folder>', 'also write a configuration with prices and contracts')
    .action((options: SimulateFlags) =>
      simulateCommand(contextOf(), {
        ...options,
        firstPort: options.port,
        out: options.out ?? null,
      }),
    );
  program
    .command('demo')
    .description('the whole product on simulated providers: 90 days, then reports')
    .option('--days <n>', 'simulated days', parsePositive, 90)
    .option('--seed <text>', 'which history', 'meterhouse')
    .option('--scale <n>', 'size of the fleet', parsePositive, 1)
    .option('--out <folder>', 'folder for database and files', '.meterhouse/demo')
    .option('--live', 'let the days end now, and go on in real time until stopped', false)
    .addOption(
      new Option(
        '--database <variable>',
        'environment variable with the URL of a database to use and to empty, not the embedded one',
      ).default(null),
    )
    .addOption(
      new Option(
        '--reader-password <variable>',
        'environment variable with the password for meterhouse_reader',
      ).default(null),
    )
    .action((options: DemoFlags) =>
      demoCommand(contextOf(), {
        ...options,
        isLive: options.live,
        database: {
          urlVariable: options.database,
          readerPasswordVariable: options.readerPassword,
        },
      }),
    );
}
