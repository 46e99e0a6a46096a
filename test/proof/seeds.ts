/**
 * `npm run simulate:seeds -- --seeds N`: seeded histories under faults, each held against the
 * simulator's invoices. Ends with 1 when one is not met within the uncertainty that its ledger
 * declares, and says how to live that one again.
 */
import { parseArgs } from 'node:util';
import { RARE_EVENTS } from '../../simulator/provider.ts';
import { isReading, OPEN_POINTS } from '../../simulator/readings.ts';
import {
  drawWorldChoice,
  type History,
  liveHistory,
  type Trouble,
  type WorldChoice,
} from './history.ts';
import { startProofServer } from './proof-server.ts';
import type { ValueInDoubt } from './warehouse-facts.ts';

const TROUBLES: readonly Trouble[] = ['all', 'transport', 'world', 'none'];
const LINES_SHOWN = 10;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    days: { type: 'string', default: '30' },
    scale: { type: 'string', default: '0.06' },
    faults: { type: 'string', default: 'all' },
    calm: { type: 'boolean', default: false },
    readings: { type: 'string', default: 'today' },
    reading: { type: 'string', multiple: true, default: [] },
    event: { type: 'string', multiple: true, default: [] },
    'days-before-first-sync': { type: 'string' },
  },
});

const days = Number(values.days);
const scale = Number(values.scale);
const trouble = values.calm ? 'none' : TROUBLES.find((name) => name === values.faults);
const from = Number(values.from);
const seeds =
  values.seed === undefined
    ? Array.from({ length: Number(values.seeds) }, (_, index) => `${from + index}`)
    : [values.seed];
const readings = values.reading.map((text) => text.split('='));
const isKnown =
  ['today', 'drawn'].includes(values.readings) &&
  readings.every(([point = '', reading = '']) => isReading(point, reading)) &&
  values.event.every((name) => RARE_EVENTS.some((event) => event === name));
if (!(days >= 1 && scale > 0 && seeds.length > 0 && trouble !== undefined && isKnown)) {
  print(`usage: simulate:seeds -- [--seeds N] [--from S] [--seed X] [--days D] [--scale F]
       [--calm | --faults ${TROUBLES.join('|')}] [--readings today|drawn]
       [--reading point=reading]... [--event name]... [--days-before-first-sync N]
  points and readings: ${JSON.stringify(OPEN_POINTS, null, 2)}
  events: ${RARE_EVENTS.join(', ')}`);
  process.exit(2);
}

const totals = {
  lines: 0,
  equal: 0,
  within: 0,
  unexplained: 0,
  neverShown: 0,
  unobserved: 0,
  failed: 0,
};
const inDoubt: ValueInDoubt[] = [];
const startedMs = performance.now();
const server = await startProofServer();
try {
  for (const seed of seeds) await prove(seed, trouble);
} finally {
  await server.close();
}
const seconds = Math.round((performance.now() - startedMs) / 1000);
const memoryMb = Math.round(process.memoryUsage().rss / 1024 / 1024);
print(
  `\n${seeds.length} seed(s), ${days} days each: ${totals.lines} lines, ${totals.equal} equal to ` +
    `the last unit, ${totals.within} within uncertainty, ${totals.unexplained} unexplained, ` +
    `${totals.neverShown} never shown, ${totals.unobserved} before the first sync; ${totals.failed} seed(s) failed; ${seconds} s, ${memoryMb} MB\n` +
    `all together may be wrong by ${doubtText(addedUp(inDoubt))}`,
);
process.exitCode = totals.failed === 0 ? 0 : 1;

async function prove(seed: string, faults: Trouble): Promise<void> {
  const seedStartedMs = performance.now();
  try {
    const world = worldOf(seed);
    if (Object.keys(world.readings).length + world.rareEvents.length > 0) {
      print(`seed ${seed} lives by ${JSON.stringify(world)}`);
    }
    const history = await liveHistory(server, { seed, days, scale, trouble: faults, world });
    totals.lines += history.lines;
    totals.equal += history.equal;
    totals.within += history.within;
    totals.unexplained += history.unexplained.length;
    totals.neverShown += history.neverShown.length;
    totals.unobserved += history.unobserved.length;
    inDoubt.push(...history.inDoubt);
    const isProven = history.unexplained.length === 0 && history.broken.length === 0;
    print(`seed ${seed}: ${describe(history)}; ${elapsed(seedStartedMs)}`);
    if (isProven) return;
    for (const line of history.unexplained.slice(0, LINES_SHOWN)) {
      print(`  unexplained: ${JSON.stringify(line)}`);
    }
    for (const promise of history.broken) print(`  broken: ${promise}`);
  } catch (error) {
    print(`seed ${seed}: died: ${error instanceof Error ? error.stack : error}`);
  }
  totals.failed += 1;
  print(`  again: ${replayCommand(seed, faults)}`);
}

/** What is drawn for the seed, or the defaults; what the command line names wins. */
function worldOf(seed: string): WorldChoice {
  const drawn = values.readings === 'drawn' ? drawWorldChoice(seed) : null;
  const named = RARE_EVENTS.filter((event) => values.event.includes(event));
  const late = values['days-before-first-sync'];
  return {
    readings: { ...drawn?.readings, ...Object.fromEntries(readings) },
    rareEvents: [...new Set([...(drawn?.rareEvents ?? []), ...named])],
    daysBeforeFirstSync: late === undefined ? (drawn?.daysBeforeFirstSync ?? 0) : Number(late),
  };
}

function describe(history: History): string {
  const faults = [...history.faults]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([kind, count]) => `${kind} ${count}`)
    .join(', ');
  return [
    `${history.lines} lines, ${history.equal} equal, ${history.within} within uncertainty, ` +
      `${history.unexplained.length} unexplained, ${history.neverShown.length} never shown, ${history.unobserved.length} before the first sync`,
    `may be wrong by ${doubtText(history.inDoubt)}`,
    `${history.failedSweeps} sweeps failed`,
    `ledger ${history.digests.ledger?.slice(0, 12)}`,
    faults === '' ? 'no faults' : faults,
  ].join('; ');
}

/** `fluence 0.412%, openmetal 0.000%`: shares of the value, for reading only. */
function doubtText(rows: readonly ValueInDoubt[]): string {
  return rows
    .filter(({ value }) => Number(value) > 0)
    .map(
      ({ provider, value, in_doubt: doubt }) =>
        `${provider} ${((100 * Number(doubt)) / Number(value)).toFixed(3)}%`,
    )
    .join(', ');
}

/** What all seeds together charged and may be wrong by, provider by provider. */
function addedUp(rows: readonly ValueInDoubt[]): ValueInDoubt[] {
  return [...new Set(rows.map(({ provider }) => provider))].sort().map((provider) => {
    const own = rows.filter((row) => row.provider === provider);
    const sum = (of: (row: ValueInDoubt) => string): string =>
      String(own.reduce((total, row) => total + Number(of(row)), 0));
    return { provider, value: sum((row) => row.value), in_doubt: sum((row) => row.in_doubt) };
  });
}

function replayCommand(seed: string, faults: Trouble): string {
  const { daysBeforeFirstSync, rareEvents } = worldOf(seed);
  const named = [
    `--readings ${values.readings}`,
    ...values.reading.map((reading) => `--reading ${reading}`),
    ...rareEvents.map((event) => `--event ${event}`),
    `--days-before-first-sync ${daysBeforeFirstSync}`,
  ];
  const size = `--seed ${seed} --days ${days} --scale ${scale} --faults ${faults}`;
  return `npm run simulate:seeds -- ${size} ${named.join(' ')}`;
}

function elapsed(sinceMs: number): string {
  return `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
