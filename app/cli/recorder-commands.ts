/** Commands that record what a provider answers, and serve what was recorded. */
import type { Command } from 'commander';
import { later } from './later.ts';
import { type ContextOf, parseWhole } from './options.ts';

const recordCommand = later(() => import('../commands/record.ts'), 'recordCommand');
const replayCommand = later(() => import('../commands/replay.ts'), 'replayCommand');

interface RecordFlags {
  readonly account: string;
  readonly streams: string[];
  readonly out: string;
  readonly description?: string;
  readonly compare?: string;
  readonly scaleMoney?: number;
  readonly keepFieldNames: boolean;
}

export function addRecorderCommands(program: Command, contextOf: ContextOf): void {
  program
    .command('record')
    .description('write what a provider answers, without what says whose it is')
    .requiredOption('--account <id>', 'which account')
    .option('--streams <ids...>', 'only these streams, and those that they are cut by', [])
    .requiredOption('--out <folder>', 'a new folder, or one with a recording to replace')
    .option('--description <file>', 'the vendor\u2019s OpenAPI file, to compare with')
    .option('--compare <folder>', 'an earlier recording; the replaced one by default')
    .option('--scale-money <n>', 'multiply all money by a whole number', parseWhole)
    .option('--keep-field-names', 'also write the names of fields that no document has', false)
    .action((flags: RecordFlags) =>
      recordCommand(contextOf(), {
        ...flags,
        description: flags.description ?? null,
        compare: flags.compare ?? null,
        scaleMoney: flags.scaleMoney ?? null,
      }),
    );
  program
    .command('replay')
    .description('serve a recording as a provider until stopped')
    .argument('<folder>', 'what record wrote')
    .option('--port <n>', 'port on 127.0.0.1; a free one by default', parseWhole, 0)
    .action((folder: string, options: { port: number }) =>
      replayCommand(contextOf(), folder, options),
    );
}
