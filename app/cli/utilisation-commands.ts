/** Commands about how what is paid for is used. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { GROUPS, type Group } from '../commands/utilisation.ts';
import { later } from './later.ts';
import type { ContextOf } from './options.ts';

const utilisationCommand = later(() => import('../commands/utilisation.ts'), 'utilisationCommand');

const DAYS_MAX = 400;

export function addUtilisationCommands(program: Command, contextOf: ContextOf): void {
  program
    .command('utilisation')
    .description('what of the paid hours and money was active, idle, unallocated or unknown')
    .addOption(new Option('--by <group>', 'one row per').choices(GROUPS).default('resource'))
    .option('--days <count>', 'whole UTC days before now', parseDays, 30)
    .action((options: { by: Group; days: number }) => utilisationCommand(contextOf(), options));
}

function parseDays(text: string): number {
  const days = Number(text);
  if (Number.isInteger(days) && days >= 1 && days <= DAYS_MAX) return days;
  throw new InvalidArgumentError(`expected a whole number from 1 to ${DAYS_MAX}`);
}
