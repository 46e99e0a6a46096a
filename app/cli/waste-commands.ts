/** Commands that say where money can be saved. */
import type { Command } from 'commander';
import { later } from './later.ts';
import type { ContextOf } from './options.ts';

const wasteCommand = later(() => import('../commands/waste.ts'), 'wasteCommand');

export function addWasteCommands(program: Command, contextOf: ContextOf): void {
  program
    .command('waste')
    .description('resources that are paid for and not used, and what to do')
    .option('--team <name>', 'what is of this team only')
    .action((options: { team?: string }) =>
      wasteCommand(contextOf(), { team: options.team ?? null }),
    );
}
