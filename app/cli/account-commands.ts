/** Commands about whose accounts they are, and how one ends or goes on under another name. */
import type { Command } from 'commander';
import { later } from './later.ts';
import { type ContextOf, parseInstant } from './options.ts';

const listCommand = later(() => import('../commands/account.ts'), 'accountListCommand');
const renameCommand = later(() => import('../commands/account-rename.ts'), 'accountRenameCommand');
const retireCommand = later(() => import('../commands/account.ts'), 'accountRetireCommand');

export function addAccountCommands(program: Command, contextOf: ContextOf): void {
  const account = program
    .command('account')
    .description('list accounts, give one another id, end one');
  account
    .command('list')
    .description('every account: its state, its last sync, and whose it is')
    .action(() => listCommand(contextOf()));
  account
    .command('rename')
    .description('go on with an account under another id; closed months stay as stated')
    .argument('<old>', 'the id that it had')
    .argument('<new>', 'the id that the configuration gives it now')
    .action((old: string, renamed: string) => renameCommand(contextOf(), old, renamed));
  account
    .command('retire')
    .description('end an account: nothing is estimated, expected or alerted after an instant')
    .argument('<id>', 'account id')
    .requiredOption('--at <instant>', 'when it ended', parseInstant)
    .action((id: string, options: { at: number }) => retireCommand(contextOf(), id, options));
}
