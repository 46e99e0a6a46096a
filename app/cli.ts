/** The command line: what can be asked, and with which options. */
import { Command, CommanderError, Option } from 'commander';
import { DefectListError, MeterhouseError } from '../foundation/errors.ts';
import { addAccountCommands } from './cli/account-commands.ts';
import { addBackupCommands } from './cli/backup-commands.ts';
import { addBudgetCommands } from './cli/budget-commands.ts';
import { addFocusCommands } from './cli/focus-commands.ts';
import { addLedgerCommands } from './cli/ledger-commands.ts';
import { parseInstant } from './cli/options.ts';
import { addOutlookCommands } from './cli/outlook-commands.ts';
import { addPipelineCommands } from './cli/pipeline-commands.ts';
import { addQuarantineCommands } from './cli/quarantine-commands.ts';
import { addRecorderCommands } from './cli/recorder-commands.ts';
import { addReportCommands } from './cli/report-commands.ts';
import { addSimulationCommands } from './cli/simulation-commands.ts';
import { addUtilisationCommands } from './cli/utilisation-commands.ts';
import { addWasteCommands } from './cli/waste-commands.ts';
import { fixedClock, machineClock } from './clock.ts';
import type { Context } from './context.ts';
import { databaseErrorOf } from './database.ts';
import { createLogger } from './log.ts';
import { type Output, shownText } from './output.ts';
import { createProgress } from './progress.ts';

const EXIT_USAGE = 2;
const EXIT_BUG = 70;
const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'];

interface GlobalOptions {
  readonly config: string;
  readonly json?: boolean;
  readonly now?: number;
  readonly logLevel?: string;
  readonly force?: boolean;
}

export interface CliEnvironment {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly output: Output;
  readonly writeError: (text: string) => void;
  readonly signal: AbortSignal;
  /** `--now` is an instant of a simulated world, which the database's clock knows nothing of. */
  readonly isSimulated?: boolean;
  readonly onReload?: Context['onReload'];
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
    given.writeError(shownText(`error: ${error.message}:\n${list}`));
    return error.exitCode;
  }
  if (error instanceof MeterhouseError) {
    given.writeError(shownText(`error: ${error.message}\n`));
    return error.exitCode;
  }
  const failure = databaseErrorOf(error);
  if (failure !== null) {
    given.writeError(shownText(`error: ${failure.message}\n`));
    return failure.exitCode;
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
    .option(
      '--force',
      'do what is refused otherwise: a --now in the future, a close with obstacles',
    )
    .addOption(new Option('--log-level <level>', 'log to stderr').choices(LOG_LEVELS))
    .configureOutput({ writeOut: given.output.write, writeErr: given.writeError })
    .exitOverride()
    .showHelpAfterError('(see meterhouse --help)');
  const contextOf = (defaultLevel = 'error'): Context => {
    const options = program.opts<GlobalOptions>();
    const isForced = options.force ?? false;
    return {
      clock:
        options.now === undefined
          ? machineClock
          : fixedClock(options.now, { isSimulated: given.isSimulated ?? false, isForced }),
      output: given.output,
      log: createLogger(options.logLevel ?? defaultLevel),
      progress: createProgress(),
      isJson: options.json ?? false,
      configFile: options.config,
      environment: given.environment,
      signal: given.signal,
      isForced,
      ...(given.onReload === undefined ? {} : { onReload: given.onReload }),
    };
  };
  addPipelineCommands(program, contextOf);
  addReportCommands(program, contextOf);
  addBudgetCommands(program, contextOf);
  addOutlookCommands(program, contextOf);
  addLedgerCommands(program, contextOf);
  addFocusCommands(program, contextOf);
  addSimulationCommands(program, contextOf);
  addUtilisationCommands(program, contextOf);
  addWasteCommands(program, contextOf);
  addBackupCommands(program, contextOf);
  addAccountCommands(program, contextOf);
  addQuarantineCommands(program, contextOf);
  addRecorderCommands(program, contextOf);
  return program;
}
