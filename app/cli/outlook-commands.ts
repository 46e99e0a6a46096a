/** Commands about what is coming and what stands out. */
import { type Command, InvalidArgumentError } from 'commander';
import { SCOPE_KINDS, type Scope } from '../commands/forecast.ts';
import { later } from './later.ts';
import { type ContextOf, monthName, parseInstant } from './options.ts';

const anomaliesCommand = later(() => import('../commands/anomalies.ts'), 'anomaliesCommand');
const evaluateCommand = later(() => import('../commands/anomalies.ts'), 'evaluateCommand');
const backtestCommand = later(() => import('../commands/forecast.ts'), 'backtestCommand');
const forecastCommand = later(() => import('../commands/forecast.ts'), 'forecastCommand');

export function addOutlookCommands(program: Command, contextOf: ContextOf): void {
  program
    .command('forecast')
    .description('expected cost at the month\u2019s end, per scope, with an 80% band')
    .option('--scope <kind=value>', 'one scope, such as team=nlp', parseScope)
    .option('--month <YYYY-MM>', 'UTC month; the current one by default', monthName)
    .option('--backtest', 'how far off the forecasts of past months would have been', false)
    .option('--months <n>', 'with --backtest: how many months that are over', parseMonths, 3)
    .action((options: { scope?: Scope; month?: string; backtest: boolean; months: number }) =>
      options.backtest
        ? backtestCommand(contextOf(), { months: options.months })
        : forecastCommand(contextOf(), {
            scope: options.scope ?? null,
            month: options.month ?? null,
          }),
    );
  program
    .command('anomalies')
    .description('days with unusual cost, per provider, team and SKU')
    .option('--since <day>', 'UTC day; two weeks ago by default', parseInstant)
    .option('--evaluate', 'precision and recall on made-up series with labels', false)
    .option('--seed <text>', 'with --evaluate: which series', 'meterhouse')
    .action((options: { since?: number; evaluate: boolean; seed: string }) =>
      options.evaluate
        ? evaluateCommand(contextOf(), { seed: options.seed })
        : anomaliesCommand(contextOf(), { sinceMs: options.since ?? null }),
    );
}

/** `team=nlp`; the whole is `total=all`. */
function parseScope(text: string): Scope {
  const at = text.indexOf('=');
  const kind = text.slice(0, Math.max(at, 0));
  if (!SCOPE_KINDS.some((known) => known === kind) || at === text.length - 1) {
    throw new InvalidArgumentError(
      `expected kind=value, the kind one of ${SCOPE_KINDS.join(', ')}`,
    );
  }
  return { kind, value: text.slice(at + 1) };
}

const MONTHS_MAX = 120;

function parseMonths(text: string): number {
  const value = Number(text);
  if (!(Number.isInteger(value) && value >= 1 && value <= MONTHS_MAX)) {
    throw new InvalidArgumentError(`expected a whole number from 1 to ${MONTHS_MAX}`);
  }
  return value;
}
