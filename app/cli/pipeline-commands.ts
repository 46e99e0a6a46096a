/** Commands that collect and transform. */
import type { Command } from 'commander';
import { later } from './later.ts';
import { type ContextOf, collectTexts } from './options.ts';

const collectCommand = later(() => import('../commands/collect.ts'), 'collectCommand');
const doctorCommand = later(() => import('../commands/doctor.ts'), 'doctorCommand');
const healthCommand = later(() => import('../commands/health.ts'), 'healthCommand');
const migrateCommand = later(() => import('../commands/migrate.ts'), 'migrateCommand');
const transformCommand = later(() => import('../commands/transform.ts'), 'transformCommand');
const upCommand = later(() => import('../commands/up.ts'), 'upCommand');

interface CollectOptionsGiven {
  readonly account: string[];
  readonly month: string[];
  readonly since?: string;
  readonly due: boolean;
}

export function addPipelineCommands(program: Command, contextOf: ContextOf): void {
  program
    .command('up')
    .description('run as a daemon: collect and transform on schedule')
    .action(() => upCommand(contextOf('info')));
  program
    .command('migrate')
    .description('bring the warehouse to this version\u2019s schema')
    .action(() => migrateCommand(contextOf()));
  program
    .command('collect')
    .description('read from the providers now')
    .argument('[streams...]', 'stream ids; all of them when none is named')
    .option('--account <id>', 'only this account (repeatable)', collectTexts, [])
    .option('--month <YYYY-MM>', 'months for streams cut by month (repeatable)', collectTexts, [])
    .option(
      '--since <YYYY-MM>',
      'every month from this one on, as far back as each provider still reports',
    )
    .option('--due', 'only what the schedules say is due', false)
    .action((streams: string[], options: CollectOptionsGiven) =>
      collectCommand(contextOf(), {
        streams,
        accounts: options.account,
        months: options.month,
        since: options.since ?? null,
        due: options.due,
      }),
    );
  program
    .command('transform')
    .description('compute charges and reports from the collected data')
    .option('--full', 'recompute every resource from its first day', false)
    .action((options: { full: boolean }) => transformCommand(contextOf(), options));
  program
    .command('doctor')
    .description('check configuration, database, credentials and clocks')
    .option('--all', 'ask every endpoint too (always done before the first collect)', false)
    .action((options: { all: boolean }) => doctorCommand(contextOf(), { isAll: options.all }));
  program
    .command('health')
    .description('check the daemon: exit 1 when a loop is stalled')
    .action(() => healthCommand(contextOf()));
}
