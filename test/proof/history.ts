/**
 * One seeded history: a simulated fleet lived through for some weeks, with or without faults, and
 * what its ledger then is worth beside the simulator's own invoices.
 */
import path from 'node:path';
import { SteppedClock } from '../../app/clock.ts';
import { readConfiguration } from '../../app/config.ts';
import {
  agreementByService,
  type UnexplainedLine,
  unexplainedLines,
} from '../../app/demo/agreement.ts';
import { liveThrough } from '../../app/demo/live-through.ts';
import { allStreams } from '../../app/due-streams.ts';
import { silentLogger } from '../../app/log.ts';
import { Pipeline } from '../../app/pipeline.ts';
import { RARE_EVENTS, WORLD_FAULTS, type WorldFault } from '../../simulator/provider.ts';
import { Random } from '../../simulator/random.ts';
import { drawReadings, type Readings } from '../../simulator/readings.ts';
import { type Simulation, startSimulation } from '../../simulator/simulation.ts';
import { conservationBreaks } from './conservation.ts';
import { PATIENCE_MS, writeProofConfiguration } from './proof-configuration.ts';
import type { ProofServer } from './proof-server.ts';
import {
  type Digests,
  digests,
  goneUnread,
  leakedSecrets,
  quarantined,
  shownIds,
  unobservedMonths,
  type ValueInDoubt,
  valueInDoubt,
} from './warehouse-facts.ts';

/** Which faults a history suffers: on the way to the providers, inside their worlds, both, none. */
export type Trouble = 'all' | 'transport' | 'world' | 'none';

export interface HistoryOptions {
  readonly seed: string;
  readonly days: number;
  readonly scale: number;
  readonly trouble: Trouble;
  /** How open points are read and what else happens; as the product was built when left out. */
  readonly world?: WorldChoice;
}

/** What a history lets the simulator do beyond its faults. */
export interface WorldChoice {
  readonly readings: Readings;
  readonly rareEvents: readonly WorldFault[];
  /** For how many days the world, and its bills, exist before the first sync. */
  readonly daysBeforeFirstSync: number;
}

const TODAY: WorldChoice = { readings: {}, rareEvents: [], daysBeforeFirstSync: 0 };
const RARE_EVENT_CHANCE = 0.4;
const LATE_FIRST_SYNC_CHANCE = 0.5;
const LATE_FIRST_SYNC_DAYS_MIN = 10;
const LATE_FIRST_SYNC_DAYS_MAX = 40;

/** A reading of every open point, some rare events, and perhaps a fleet older than the first sync. */
export function drawWorldChoice(seed: string): WorldChoice {
  const random = new Random(`${seed}/world`);
  const rareEvents = RARE_EVENTS.filter(() => random.chance(RARE_EVENT_CHANCE));
  const isLate = random.chance(LATE_FIRST_SYNC_CHANCE);
  const lateDays = random.between(LATE_FIRST_SYNC_DAYS_MIN, LATE_FIRST_SYNC_DAYS_MAX);
  return { readings: drawReadings(seed), rareEvents, daysBeforeFirstSync: isLate ? lateDays : 0 };
}

export interface History {
  readonly lines: number;
  readonly equal: number;
  readonly within: number;
  readonly unexplained: readonly UnexplainedLine[];
  /** What lived while its host could not be read: no answer ever held its id. */
  readonly neverShown: readonly UnexplainedLine[];
  /** What no answer told that could be read, in a month of which the warehouse says so. */
  readonly unobserved: readonly UnexplainedLine[];
  /** By provider, how much of the charged value may be wrong. */
  readonly inDoubt: readonly ValueInDoubt[];
  readonly faults: ReadonlyMap<string, number>;
  readonly failedSweeps: number;
  /** Promises that were broken, one line each; empty when all held. */
  readonly broken: readonly string[];
  readonly digests: Digests;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FIRST_START_MS = Date.UTC(2026, 7, 1);
const START_DAYS = 28;
/** The last hours without faults, in which what can heal heals. */
const CLEAN_MS = 36 * HOUR_MS;
const TRANSFORM_EVERY_DAYS = [3, 5, 7, 10] as const;
const FAULT_CHANCE = 0.5;
const UNEXPLAINED_MAX = 1_000;
const OPENMETAL_ASSET_ID = /^\d+$/;

/** Lives the history in a database of its own, which is gone afterwards. */
export async function liveHistory(server: ProofServer, options: HistoryOptions): Promise<History> {
  const random = new Random(`${options.seed}/history`);
  const startMs = FIRST_START_MS + random.between(0, START_DAYS - 1) * DAY_MS;
  const endMs = startMs + options.days * DAY_MS;
  const transformSchedule = `30 0 */${random.pick(TRANSFORM_EVERY_DAYS)} * *`;
  const world = options.world ?? TODAY;
  const worldFaults = new Set([...drawWorldFaults(random, options.trouble), ...world.rareEvents]);
  const hasTransportFaults = options.trouble === 'all' || options.trouble === 'transport';
  const simulation = await startSimulation({
    seed: options.seed,
    startMs: startMs - world.daysBeforeFirstSync * DAY_MS,
    endMs: endMs + DAY_MS,
    scale: options.scale,
    firstPort: 0,
    worldFaults,
    readings: world.readings,
    ...(hasTransportFaults
      ? { faults: { untilMs: endMs - CLEAN_MS, patienceMs: PATIENCE_MS } }
      : {}),
  });
  try {
    return await inDatabase(server, simulation, startMs, async (pipeline, clock) => {
      const lived = await liveThrough({
        pipeline,
        clock,
        advanceWorld: (toMs) => simulation.clock.advanceTo(toMs),
        fromMs: startMs,
        toMs: endMs,
        transformSchedule,
        signal: new AbortController().signal,
        onStep: () => undefined,
      });
      return judge(
        pipeline,
        simulation,
        { worldFaults, isLate: world.daysBeforeFirstSync > 0 },
        lived.failures.length,
        path.join(server.folder, 'files'),
      );
    });
  } finally {
    await simulation.close();
  }
}

function drawWorldFaults(random: Random, trouble: Trouble): ReadonlySet<WorldFault> {
  const drawn = WORLD_FAULTS.filter(() => random.chance(FAULT_CHANCE));
  return new Set(trouble === 'all' || trouble === 'world' ? drawn : []);
}

async function inDatabase<T>(
  server: ProofServer,
  simulation: Simulation,
  startMs: number,
  live: (pipeline: Pipeline, clock: SteppedClock) => Promise<T>,
): Promise<T> {
  const name = `history_${process.pid}_${databasesMade++}`;
  const url = await server.createDatabase(name);
  try {
    const folder = path.join(server.folder, 'configuration');
    const file = await writeProofConfiguration(folder, simulation, { url });
    const clock = new SteppedClock(startMs);
    const pipeline = await Pipeline.open(await readConfiguration(file, {}), clock, silentLogger);
    try {
      return await live(pipeline, clock);
    } finally {
      await pipeline.close();
    }
  } finally {
    await server.dropDatabase(name);
  }
}
let databasesMade = 0;

async function judge(
  pipeline: Pipeline,
  simulation: Simulation,
  { worldFaults, isLate }: { worldFaults: ReadonlySet<WorldFault>; isLate: boolean },
  failedSweeps: number,
  folder: string,
): Promise<History> {
  const { pool } = pipeline.warehouse;
  const invoice = simulation.invoice();
  const agreement = await agreementByService(pool, invoice);
  const total = (count: (row: (typeof agreement)[number]) => number): number =>
    agreement.reduce((sum, row) => sum + count(row), 0);
  const differing = await unexplainedLines(pool, invoice, UNEXPLAINED_MAX);
  const shown = await shownIds(pool);
  const isNeverShown = ({ service, resource_id }: UnexplainedLine): boolean =>
    !shown.has(resource_id) &&
    ((service === 'fluence' && (simulation.faults.size > 0 || isLate)) ||
      (service === 'openmetal' &&
        (isLate ||
          (worldFaults.has('missing-subscription') && OPENMETAL_ASSET_ID.test(resource_id)))));
  const unobserved = await unobservedMonths(pool);
  const gone = await goneUnread(pool);
  const isUnobserved = ({
    service,
    resource_id: id,
    month,
    difference,
  }: UnexplainedLine): boolean =>
    difference.startsWith('-') &&
    (gone.has(`${id} ${month}`) || (isLate && unobserved.has(`${service} ${month}`)));
  const seen = differing.filter((line) => !isNeverShown(line));
  return {
    lines: total((row) => row.lines),
    equal: total((row) => row.lines_equal),
    within: total((row) => row.lines_within_uncertainty),
    unexplained: seen.filter((line) => !isUnobserved(line)),
    unobserved: seen.filter(isUnobserved),
    neverShown: differing.filter(isNeverShown),
    inDoubt: await valueInDoubt(pool),
    faults: suffered(simulation, worldFaults),
    failedSweeps,
    digests: await digests(pool),
    broken: [...(await brokenPromises(pipeline)), ...(await conservationBreaks(pool, folder))],
  };
}

/** What holds after any history, whatever went wrong in it. Changes nothing where all of it holds. */
async function brokenPromises(pipeline: Pipeline): Promise<string[]> {
  const { pool } = pipeline.warehouse;
  const broken: string[] = [];
  const before = await digests(pool);
  const accounts = await pipeline.collector.collect(allStreams(pipeline.configuration));
  const failed = accounts.flatMap(({ sweeps }) => sweeps).filter((s) => s.outcome === 'failed');
  for (const sweep of failed) broken.push(`after the faults: ${sweep.error}`);
  const again = await pipeline.transform();
  const after = await digests(pool);
  for (const [fact, digest] of Object.entries(before)) {
    if (after[fact] !== digest) broken.push(`the same instant again changed: ${fact}`);
  }
  const full = await pipeline.transform({ isFull: true });
  for (const [name, run] of Object.entries({ again, full })) {
    const entered = run.chargesPosted + run.chargesReversed + run.accrualsWritten;
    if (entered > 0) broken.push(`transform ${name} wrote ${entered} row(s)`);
  }
  for (const leak of await leakedSecrets(pool)) broken.push(`secrets in ${leak}`);
  for (const record of await quarantined(pool)) broken.push(`still in quarantine: ${record}`);
  return broken;
}

function suffered(
  simulation: Simulation,
  worldFaults: ReadonlySet<WorldFault>,
): Map<string, number> {
  const faults = new Map<string, number>();
  for (const { counts } of simulation.faults.values()) {
    for (const [kind, count] of counts) faults.set(kind, (faults.get(kind) ?? 0) + count);
  }
  for (const fault of worldFaults) faults.set(fault, 1);
  return faults;
}
