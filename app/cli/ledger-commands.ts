/** Commands that prove, explain and close the books. */
import type { Command } from 'commander';
import { later } from './later.ts';
import { type ContextOf, monthName, parseInstant } from './options.ts';

const checkCommand = later(() => import('../commands/check.ts'), 'checkCommand');
const closeCommand = later(() => import('../commands/close.ts'), 'closeCommand');
const explainCommand = later(() => import('../commands/explain.ts'), 'explainCommand');
const rebuildCommand = later(() => import('../commands/rebuild.ts'), 'rebuildCommand');
const rewindCommand = later(() => import('../commands/rewind.ts'), 'rewindCommand');

export function addLedgerCommands(program: Command, contextOf: ContextOf): void {
  program
    .command('check')
    .description('reconcile with the providers and run the data checks')
    .option('--month <YYYY-MM>', 'comparisons of this UTC month only', monthName)
    .action((options: { month?: string }) =>
      checkCommand(contextOf(), { month: options.month ?? null }),
    );
  program
    .command('explain')
    .description('why a line of a statement or a correction is what it is')
    .argument('<subject>', 'a resource id as the chargeback files print it, or a charge key')
    .option('--month <YYYY-MM>', 'UTC month of the statement, or of the charged days', monthName)
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
    .addHelpText(
      'after',
      '\nWith --force the month is closed although obstacles remain; they are recorded.',
    )
    .action(({ month }: { month: string }) => {
      const context = contextOf();
      return closeCommand(context, { month, force: context.isForced });
    });
  program
    .command('rebuild')
    .description('recompute everything from the stored answers')
    .option('--discard-history', 'drop ledger entries that no closed month rests on', false)
    .action((options: { discardHistory: boolean }) => rebuildCommand(contextOf(), options));
  program
    .command('rewind')
    .description('take back what was recorded with a clock that was ahead')
    .requiredOption(
      '--to <instant>',
      'the last right instant, such as 2026-10-01T00:00:00Z',
      parseInstant,
    )
    .action(({ to }: { to: number }) => rewindCommand(contextOf(), { toMs: to }));
}
