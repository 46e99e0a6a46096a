/** The command line: what can be asked, and with which options. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { fixedClock, machineClock } from './clock.ts';
import { chargebackCommand } from './commands/chargeback.ts';
import { checkCommand } from './commands/check.ts';
import { closeCommand } from './commands/close.ts';
import { collectCommand } from './commands/collect.ts';
import { demoCommand } from './commands/demo.ts';
import { doctorCommand } from './commands/doctor.ts';
import { explainCommand } from './commands/explain.ts';
import { migrateCommand } from './commands/migrate.ts';
import { rebuildCommand } from './commands/rebuild.ts';
import { simulateCommand } from './commands/simulate.ts';
import { statusCommand } from './commands/status.ts';
import { transformCommand } from './commands/transform.ts';
import { upCommand } from './commands/up.ts';
import type { Context } from './context.ts';
import { isDatabaseFailure } from './database.ts';
import { DefectListError, MeterhouseError } from './errors.ts';
import { createLogger } from './log.ts';
import { monthRange } from './months.ts';
import type { Output } from './output.ts';
import { createProgress } from './progress.ts';

const EXIT_USAGE = 2;
const EXIT_DATABASE = 3;
const EXIT_BUG = 70;
const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'];
const DEFAULT_FIRST_PORT = 8401;

interface GlobalOptions {
  readonly config: string;
  readonly json?: boolean;
  readonly now?: number;
  readonly logLevel?: string;
}

export interface CliEnvironment {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly output: Output;
  readonly writeError: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Runs one command line (without node and script). Returns the exit code; never throws. */
export async function runCli(argv: readonly string[], given: CliEnvironment): Promise<number> {
  const program = buildProgram(given);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return 0;
  } catch (error) {
    return report(error, given);
  }
}

function report(error: unknown, given: CliEnvironment): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
  if (given.signal.aborted) {
    given.writeError('stopped\n');
    return 0;
  }
  if (error instanceof DefectListError) {
    const list = error.defects.map((defect) => `  ${defect}\n`).join('');
    given.writeError(`error: ${error.message}:\n${list}`);
    return error.exitCode;
  }
  if (error instanceof MeterhouseError) {
    given.writeError(`error: ${error.message}\n`);
    return error.exitCode;
  }
  if (isDatabaseFailure(error)) {
    given.writeError(`error: the database failed: ${error.message} (SQLSTATE ${error.code})\n`);
    return EXIT_DATABASE;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  given.writeError(`this is a defect in Meterhouse, please report it:\n${text}\n`);
  return EXIT_BUG;
}

function buildProgram(given: CliEnvironment): Command {
  const program = new Command('meterhouse')
    .description('The independent meter for rented compute.')
    .option('--config <file>', 'configuration file', 'meterhouse.yaml')
    .option('--json', 'one JSON document on stdout')
    .option('--now <instant>', 'the run\u2019s clock, such as 2026-10-01T00:00:00Z', parseInstant)
    .addOption(new Option('--log-level <level>', 'log to stderr').choices(LOG_LEVELS))
    .configureOutput({ writeOut: given.output.write, writeErr: given.writeError })
    .exitOverride()
    .showHelpAfterError('(see meterhouse --help)');
  const contextOf = (defaultLevel = 'error'): Context => {
    const options = program.opts<GlobalOptions>();
    return {
      clock: options.now === undefined ? machineClock : fixedClock(options.now),
      output: given.output,
      log: createLogger(options.logLevel ?? defaultLevel),
      progress: createProgress(),
      isJson: options.json ?? false,
      configFile: options.config,
      environment: given.environment,
      signal: given.signal,
    };
  };
  addPipelineCommands(program, contextOf);
  addReportCommands(program, contextOf);
  addLedgerCommands(program, contextOf);
  addSimulationCommands(program, contextOf);
  return program;
}

type ContextOf = (defaultLevel?: string) => Context;

function addPipelineCommands(program: Command, contextOf: ContextOf): void {
  program
    .command('up')
    .description('run as a daemon: collect and transform on schedule')
    .action(() => upCommand(contextOf('info')));
  program
    .command('migrate')
    .description('bring the warehouse to this version\u2019s schema')
    .action(() => migrateCommand(contextOf()));
  program
    .command('collect')
    .description('ask the providers now and land what they answer')
    .argument('[streams...]', 'stream ids; all of them when none is named')
    .option('--account <id>', 'only this account (repeatable)', collectTexts, [])
    .option('--month <YYYY-MM>', 'months for streams cut by month (repeatable)', collectTexts, [])
    .option('--due', 'only what the schedules say is due', false)
    .action((streams: string[], options: { account: string[]; month: string[]; due: boolean }) =>
      collectCommand(contextOf(), {
        streams,
        accounts: options.account,
        months: options.month,
        due: options.due,
      }),
    );
  program
    .command('transform')
    .description('turn what has landed into charges and reports')
    .option('--full', 'look at every resource from its first day', false)
    .action((options: { full: boolean }) => transformCommand(contextOf(), options));
  program
    .command('doctor')
    .description('check configuration, database, credentials and clocks')
    .action(() => doctorCommand(contextOf()));
}

function addReportCommands(program: Command, contextOf: ContextOf): void {
  program
    .command('status')
    .description('spend of a month by provider and team, and how fresh it is')
    .option('--month <YYYY-MM>', 'UTC month; the current one by default')
    .addOption(asOfOption())
    .action((options: { month?: string; asOf?: number }) =>
      statusCommand(contextOf(), { month: options.month, asOfMs: options.asOf ?? null }),
    );
  program
    .command('chargeback')
    .description('write what each team is charged for a month')
    .requiredOption('--month <YYYY-MM>', 'UTC month')
    .option('--out <folder>', 'folder for the files', 'chargeback')
    .addOption(asOfOption())
    .action((options: { month: string; out: string; asOf?: number }) =>
      chargebackCommand(contextOf(), { ...options, asOfMs: options.asOf ?? null }),
    );
}

function addLedgerCommands(program: Command, contextOf: ContextOf): void {
  program
    .command('check')
    .description(
      'hold the ledger against the providers\u2019 own figures, and the warehouse to its claims',
    )
    .option('--month <YYYY-MM>', 'comparisons of this UTC month only', monthName)
    .action((options: { month?: string }) =>
      checkCommand(contextOf(), { month: options.month ?? null }),
    );
  program
    .command('explain')
    .description('why a charge, or a resource in a month, costs what it costs')
    .argument('<subject>', 'a charge key, or a resource id')
    .option('--month <YYYY-MM>', 'UTC month', monthName)
    .option('--meter <name>', 'one meter, such as vm-hours')
    .option('--account <id>', 'where two accounts know the same id')
    .action((subject: string, options: { month?: string; meter?: string; account?: string }) =>
      explainCommand(contextOf(), {
        subject,
        month: options.month ?? null,
        meter: options.meter ?? null,
        account: options.account ?? null,
      }),
    );
  program
    .command('close')
    .description('freeze a month: its statement never changes again')
    .requiredOption('--month <YYYY-MM>', 'UTC month')
    .option('--force', 'close although obstacles remain; they are recorded', false)
    .action((options: { month: string; force: boolean }) => closeCommand(contextOf(), options));
  program
    .command('rebuild')
    .description('compute everything behind the landed answers again')
    .option('--discard-history', 'drop ledger entries that no closed month rests on', false)
    .action((options: { discardHistory: boolean }) => rebuildCommand(contextOf(), options));
}

function addSimulationCommands(program: Command, contextOf: ContextOf): void {
  program
    .command('simulate')
    .description('serve the five simulated provider APIs until stopped')
    .option('--seed <text>', 'which history', 'meterhouse')
    .option('--days <n>', 'days of history before now, and as many to come', parsePositive, 30)
    .option('--scale <n>', 'size of the fleet; 1 is the demo\u2019s', parsePositive, 1)
    .option('--port <n>', 'first of four consecutive ports', parsePositive, DEFAULT_FIRST_PORT)
    .option('--speed <n>', 'simulated seconds per second', parsePositive, 1)
    .action((options: { seed: string; days: number; scale: number; port: number; speed: number }) =>
      simulateCommand(contextOf(), { ...options, firstPort: options.port }),
    );
  program
    .command('demo')
    .description('the whole product on simulated providers: 90 days, then its books')
    .option('--days <n>', 'simulated days', parsePositive, 90)
    .option('--seed <text>', 'which history', 'meterhouse')
    .option('--scale <n>', 'size of the fleet', parsePositive, 1)
    .option('--out <folder>', 'folder for database and files', '.meterhouse/demo')
    .action((options: { days: number; seed: string; scale: number; out: string }) =>
      demoCommand(contextOf(), options),
    );
}

/** `YYYY-MM`, checked. */
function monthName(text: string): string {
  return monthRange(text).from.slice(0, 'YYYY-MM'.length);
}

function asOfOption(): Option {
  return new Option('--as-of <instant>', 'as it was known then').argParser(parseInstant);
}

function collectTexts(value: string, former: string[]): string[] {
  return [...former, value];
}

function parsePositive(text: string): number {
  const value = Number(text);
  if (!(Number.isFinite(value) && value > 0)) {
    throw new InvalidArgumentError('expected a number above 0');
  }
  return value;
}

/** Milliseconds since the Unix epoch of an ISO 8601 instant with a zone, or of a UTC day. */
function parseInstant(text: string): number {
  const isInstant = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/;
  const value = isInstant.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(value)) {
    throw new InvalidArgumentError('expected an instant with a zone, such as 2026-10-01T00:00:00Z');
  }
  return value;
}
