/** Commands on budgets and the messages about them. */
import { type Command, InvalidArgumentError } from 'commander';
import { later } from './later.ts';
import type { ContextOf } from './options.ts';

const budgetsCommand = later(() => import('../commands/budgets.ts'), 'budgetsCommand');
const notifyCommand = later(() => import('../commands/budgets.ts'), 'notifyCommand');
const budgetsTestCommand = later(() => import('../commands/budgets-test.ts'), 'budgetsTestCommand');

const DAYS_MAX = 800;

export function addBudgetCommands(program: Command, contextOf: ContextOf): void {
  const budgets = program
    .command('budgets')
    .description('state of each budget; exits 1 when one is broken or cannot be evaluated')
    .action(() => budgetsCommand(contextOf()));
  budgets
    .command('test')
    .description('evaluate past days: which threshold would have fired when')
    .option('--days <count>', 'how many', parseDays, 90)
    .option('--by-day', 'by what is known now of the days before: faster on a large ledger', false)
    .action((options: { days: number; byDay: boolean }) =>
      budgetsTestCommand(contextOf(), options),
    );
  budgets
    .command('notify')
    .description('send what changed to the channels of the configuration')
    .action(() => notifyCommand(contextOf()));
}

function parseDays(text: string): number {
  const days = /^[1-9]\d{0,2}$/.test(text) ? Number.parseInt(text, 10) : 0;
  if (days === 0 || days > DAYS_MAX) {
    throw new InvalidArgumentError(`expected a whole number from 1 to ${DAYS_MAX}`);
  }
  return days;
}
