/**
 * One seeded history: a simulated fleet lived through for some weeks, with or without faults, and
 * what its ledger then is worth beside the simulator's own invoices.
 */
import path from 'node:path';
import { SteppedClock } from '../../app/clock.ts';
import { readConfiguration } from '../../app/config.ts';
import {
  agreementByService,
  type InvoicedAmount,
  type UnexplainedLine,
  unexplainedLines,
} from '../../app/demo/agreement.ts';
import { liveThrough } from '../../app/demo/live-through.ts';
import { allStreams } from '../../app/due-streams.ts';
import { silentLogger } from '../../app/log.ts';
import { Pipeline } from '../../app/pipeline.ts';
import { WORLD_FAULTS, type WorldFault } from '../../simulator/provider.ts';
import { Random } from '../../simulator/random.ts';
import { type Simulation, startSimulation } from '../../simulator/simulation.ts';
import { conservationBreaks } from './conservation.ts';
import { PATIENCE_MS, writeProofConfiguration } from './proof-configuration.ts';
import type { ProofServer } from './proof-server.ts';
import {
  type Digests,
  digests,
  estimatedPercent,
  leakedSecrets,
  quarantined,
  shownIds,
} from './warehouse-facts.ts';

/** Which faults a history suffers: on the way to the providers, inside their worlds, both, none. */
export type Trouble = 'all' | 'transport' | 'world' | 'none';

export interface HistoryOptions {
  readonly seed: string;
  readonly days: number;
  readonly scale: number;
  readonly trouble: Trouble;
}

export interface History {
  readonly lines: number;
  readonly equal: number;
  readonly within: number;
  readonly unexplained: readonly UnexplainedLine[];
  /** What lived while its host could not be read: no answer ever held its id. */
  readonly neverShown: readonly UnexplainedLine[];
  /** Percent of value that is only estimated, three decimals. */
  readonly estimatedPercent: string;
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
  const worldFaults = drawWorldFaults(random, options.trouble);
  const hasTransportFaults = options.trouble === 'all' || options.trouble === 'transport';
  const simulation = await startSimulation({
    seed: options.seed,
    startMs,
    endMs: endMs + DAY_MS,
    scale: options.scale,
    firstPort: 0,
    worldFaults,
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
        worldFaults,
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
  worldFaults: ReadonlySet<WorldFault>,
  failedSweeps: number,
  folder: string,
): Promise<History> {
  const { pool } = pipeline.warehouse;
  const invoice: InvoicedAmount[] = simulation.invoice();
  const agreement = await agreementByService(pool, invoice);
  const total = (count: (row: (typeof agreement)[number]) => number): number =>
    agreement.reduce((sum, row) => sum + count(row), 0);
  const differing = await unexplainedLines(pool, invoice, UNEXPLAINED_MAX);
  const shown = await shownIds(pool);
  const isNeverShown = ({ service, resource_id }: UnexplainedLine): boolean =>
    !shown.has(resource_id) &&
    ((service === 'fluence' && simulation.faults.size > 0) ||
      (service === 'openmetal' &&
        worldFaults.has('missing-subscription') &&
        OPENMETAL_ASSET_ID.test(resource_id)));
  return {
    lines: total((row) => row.lines),
    equal: total((row) => row.lines_equal),
    within: total((row) => row.lines_within_uncertainty),
    unexplained: differing.filter((line) => !isNeverShown(line)),
    neverShown: differing.filter(isNeverShown),
    estimatedPercent: await estimatedPercent(pool),
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
