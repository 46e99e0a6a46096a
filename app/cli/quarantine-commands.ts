/** Commands about the records that were set aside. */
import type { Command } from 'commander';
import { later } from './later.ts';
import { type ContextOf, collectTexts } from './options.ts';

const load = () => import('../commands/quarantine.ts');
const listCommand = later(load, 'quarantineListCommand');
const retryCommand = later(load, 'quarantineRetryCommand');
const showCommand = later(load, 'quarantineShowCommand');

export function addQuarantineCommands(program: Command, contextOf: ContextOf): void {
  const quarantine = program
    .command('quarantine')
    .description('records that failed their schema: why, what they hold, and asking again');
  quarantine
    .command('list')
    .description('each record that waits, with its reason')
    .option('--account <id>', 'only this account (repeatable)', collectTexts, [])
    .action((options: { account: string[] }) =>
      listCommand(contextOf(), { accounts: options.account }),
    );
  quarantine
    .command('show')
    .description('one record with its payload')
    .argument('<id>', 'as list shows it')
    .action((id: string) => showCommand(contextOf(), id));
  quarantine
    .command('retry')
    .description('ask the providers again for what waits')
    .argument('[ids...]', 'as list shows them; all when none is named')
    .option('--account <id>', 'only this account (repeatable)', collectTexts, [])
    .action((ids: string[], options: { account: string[] }) =>
      retryCommand(contextOf(), { ids, accounts: options.account }),
    );
}
