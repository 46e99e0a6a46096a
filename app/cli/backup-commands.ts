/** Commands that keep the warehouse as files. */
import type { Command } from 'commander';
import { later } from './later.ts';
import type { ContextOf } from './options.ts';

const backupCommand = later(() => import('../commands/backup.ts'), 'backupCommand');
const restoreCommand = later(() => import('../commands/backup.ts'), 'restoreCommand');

export function addBackupCommands(program: Command, contextOf: ContextOf): void {
  program
    .command('backup')
    .description('write the warehouse to a folder, as one snapshot, while the daemon runs')
    .argument('<folder>', 'made when missing')
    .action((folder: string) => backupCommand(contextOf(), folder));
  program
    .command('restore')
    .description('fill the configured, empty database from a backup, of any earlier version too')
    .argument('<folder>', 'as backup wrote it')
    .action((folder: string) => restoreCommand(contextOf(), folder));
}
