/** Commands that tell what is known. */
import { type Command, Option } from 'commander';
import {
  CHARGEBACK_FORMATS,
  type ChargebackFormat,
  parseCsvForm,
  parseFormats,
  SEPARATORS,
} from '../../exports/chargeback/formats.ts';
import { later } from './later.ts';
import { asOfOption, type ContextOf, monthName } from './options.ts';

const allocateCommand = later(() => import('../commands/allocate.ts'), 'allocateCommand');
const chargebackCommand = later(() => import('../commands/chargeback.ts'), 'chargebackCommand');
const coverageCommand = later(() => import('../commands/coverage.ts'), 'coverageCommand');
const statusCommand = later(() => import('../commands/status.ts'), 'statusCommand');

interface ChargebackFlags {
  readonly month: string;
  readonly out: string;
  readonly format?: ChargebackFormat[];
  readonly decimal: '.' | ',';
  readonly separator?: (typeof SEPARATORS)[number];
  readonly bom: boolean;
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
  program
    .command('chargeback')
    .description('write what each team is charged for a month')
    .requiredOption('--month <YYYY-MM>', 'UTC month')
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
    .option('--bom', 'begin CSV files with a byte order mark, for Excel', false)
    .addOption(asOfOption())
    .action((options: ChargebackFlags) =>
      chargebackCommand(contextOf(), {
        month: options.month,
        out: options.out,
        formats: options.format ?? CHARGEBACK_FORMATS,
        csvForm: parseCsvForm({
          decimal: options.decimal,
          separator: options.separator ?? null,
          hasByteOrderMark: options.bom,
        }),
        asOfMs: options.asOf ?? null,
      }),
    );
}
