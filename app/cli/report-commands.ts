/** Commands that tell what is known. */
import { type Command, Option } from 'commander';
import {
  CHARGEBACK_FORMATS,
  type ChargebackFormat,
  parseCsvForm,
  parseFormats,
  SEPARATORS,
} from '../../exports/chargeback/formats.ts';
import { UsageError } from '../../foundation/errors.ts';
import { later } from './later.ts';
import { asOfOption, type ContextOf, monthName } from './options.ts';

const allocateCommand = later(() => import('../commands/allocate.ts'), 'allocateCommand');
const chargebackCommand = later(() => import('../commands/chargeback.ts'), 'chargebackCommand');
const chargebackSendCommand = later(
  () => import('../commands/chargeback-send.ts'),
  'chargebackSendCommand',
);
const chargebackVerifyCommand = later(
  () => import('../commands/chargeback-verify.ts'),
  'chargebackVerifyCommand',
);
const coverageCommand = later(() => import('../commands/coverage.ts'), 'coverageCommand');
const statusCommand = later(() => import('../commands/status.ts'), 'statusCommand');

interface ChargebackFlags {
  readonly month?: string;
  readonly out: string;
  readonly format?: ChargebackFormat[];
  readonly decimal: '.' | ',';
  readonly separator?: (typeof SEPARATORS)[number];
  readonly bom: boolean;
  readonly renew: boolean;
  readonly asOf?: number;
}

export function addReportCommands(program: Command, contextOf: ContextOf): void {
  program
    .command('status')
    .description('spend of a month by provider and team, and how fresh it is')
    .option('--month <YYYY-MM>', 'UTC month; the current one by default')
    .addOption(asOfOption())
    .action((options: { month?: string; asOf?: number }) =>
      statusCommand(contextOf(), { month: options.month, asOfMs: options.asOf ?? null }),
    );
  program
    .command('allocate')
    .description('which team is charged in the open months, and by which rule')
    .option('--diff <file>', 'what another allocation file would move, in money')
    .action((options: { diff?: string }) =>
      allocateCommand(contextOf(), { diff: options.diff ?? null }),
    );
  program
    .command('coverage')
    .description('which hours of each stream were collected, and what the gaps may hide')
    .option('--month <YYYY-MM>', 'UTC month; the current one by default', monthName)
    .action((options: { month?: string }) =>
      coverageCommand(contextOf(), { month: options.month ?? null }),
    );
  addChargeback(program, contextOf);
}

function addChargeback(program: Command, contextOf: ContextOf): void {
  const chargeback = program
    .command('chargeback')
    .description('write what each team is charged for a month')
    .option('--month <YYYY-MM>', 'UTC month (required)', monthName)
    .option('--out <folder>', 'folder for the files', 'chargeback')
    .option(
      '--format <list>',
      `some of ${CHARGEBACK_FORMATS.join(', ')}; all by default`,
      parseFormats,
    )
    .addOption(
      new Option('--decimal <mark>', 'decimal mark of the CSV files')
        .choices(['.', ','])
        .default('.'),
    )
    .addOption(
      new Option('--separator <mark>', 'between the columns of the CSV files').choices(SEPARATORS),
    )
    .option('--renew', 'let the manifests of later months in the folder name the new one', false)
    .option('--bom', 'begin CSV files with a byte order mark, for Excel', false)
    .addOption(asOfOption())
    .action((options: ChargebackFlags) => {
      // A required option would be asked of `verify` as well.
      if (options.month === undefined) throw new UsageError('name the month: --month YYYY-MM');
      return chargebackCommand(contextOf(), {
        month: options.month,
        out: options.out,
        formats: options.format ?? CHARGEBACK_FORMATS,
        csvForm: parseCsvForm({
          decimal: options.decimal,
          separator: options.separator ?? null,
          hasByteOrderMark: options.bom,
        }),
        renewsChain: options.renew,
        asOfMs: options.asOf ?? null,
      });
    });
  chargeback
    .command('verify')
    .description('check files, chain and amounts of the months in a folder')
    .argument('[folder]', 'folder of the files', 'chargeback')
    .option('--renew', 'first let each manifest name the one of the month before', false)
    .option('--public-key <key>', 'check the signatures by this minisign key, RW…')
    .addOption(asOfOption())
    .action((folder: string, { publicKey }: { publicKey?: string }, command: Command) => {
      // `chargeback` has options of the same names, and takes them first.
      const { renew, asOf } = command.optsWithGlobals<{ renew: boolean; asOf?: number }>();
      return chargebackVerifyCommand(contextOf(), {
        folder,
        renewsChain: renew,
        asOfMs: asOf ?? null,
        publicKey: publicKey ?? null,
      });
    });
  chargeback
    .command('send')
    .description('mail each team its statement of a month, once per version')
    .argument('[folder]', 'folder of the files', 'chargeback')
    .option('--month <YYYY-MM>', 'UTC month; the last one that is over by default', monthName)
    .option('--send', 'send; without it, only say who would get what', false)
    .action((folder: string, { send }: { send: boolean }, command: Command) => {
      const { month } = command.optsWithGlobals<{ month?: string }>();
      return chargebackSendCommand(contextOf(), { folder, month: month ?? null, isSent: send });
    });
}
