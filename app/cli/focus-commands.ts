/** Commands around FOCUS, the standard for cost and usage data. */
import { type Command, Option } from 'commander';
import { FOCUS_FORMATS, FOCUS_VERSIONS } from '../../exports/focus/columns.ts';
import type { FocusCommandOptions } from '../commands/focus.ts';
import { later } from './later.ts';
import { type ContextOf, monthName } from './options.ts';

const focusCommand = later(() => import('../commands/focus.ts'), 'focusCommand');
const focusCheckCommand = later(() => import('../commands/focus-check.ts'), 'focusCheckCommand');

export function addFocusCommands(program: Command, contextOf: ContextOf): void {
  program
    .command('focus')
    .description('write a month as FOCUS datasets, with metadata')
    .requiredOption('--month <YYYY-MM>', 'UTC month', monthName)
    .addOption(
      new Option(
        '--version <version>',
        'version of FOCUS; 1.5-preview adds SKU prices by a draft that may still change',
      )
        .choices(FOCUS_VERSIONS)
        .default(FOCUS_VERSIONS[0]),
    )
    .addOption(
      new Option('--format <format>', 'how the files are written')
        .choices(FOCUS_FORMATS)
        .default(FOCUS_FORMATS[0]),
    )
    .option('--out <folder>', 'folder for the files', 'focus')
    .action((options: FocusCommandOptions) => focusCommand(contextOf(), options));
  program
    .command('focus-check')
    .description('check FOCUS exports against the standard, rule by rule')
    .argument('[folder]', 'folder that `focus` wrote', 'focus')
    .action((folder: string) => {
      const isConfigurationNamed = program.getOptionValueSource('config') !== 'default';
      return focusCheckCommand(contextOf(), { folder, isConfigurationNamed });
    });
}
