/**
 * A fleet is collected and transformed by real processes that are killed again and again, and so is
 * their database server. A twin of the warehouse looks at the same providers at the same instants
 * and is never disturbed: in the end the two must hold the same facts.
 */
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SteppedClock } from '../../app/clock.ts';
import { readConfiguration } from '../../app/config.ts';
import { type UnexplainedLine, unexplainedLines } from '../../app/demo/agreement.ts';
import { allStreams } from '../../app/due-streams.ts';
import { silentLogger } from '../../app/log.ts';
import { Pipeline } from '../../app/pipeline.ts';
import { type EmbeddedServer, startEmbeddedServer } from '../../app/postgres/embedded-server.ts';
import { openWarehouse } from '../../app/warehouse.ts';
import { Random } from '../../simulator/random.ts';
import { type Simulation, startSimulation } from '../../simulator/simulation.ts';
import { type Ended, killServer, type RunningCommand, startCommand } from './processes.ts';
import { writeProofConfiguration } from './proof-configuration.ts';
import type { ProofServer } from './proof-server.ts';
import { type Digests, digests } from './warehouse-facts.ts';

export interface KillOptions {
  readonly seed: string;
  /** At least so many processes or servers are killed. */
  readonly kills: number;
  readonly scale: number;
  readonly onKill: (kill: Kill) => void;
}

type Victim = 'collector' | 'rival collector' | 'transform' | 'database';

/** What was killed, while which command ran, and how long after its start. */
export interface Kill {
  readonly victim: Victim;
  readonly during: 'collect' | 'transform';
  readonly atMs: number;
  /** The virtual instant. */
  readonly nowMs: number;
}

export interface KillResult {
  readonly kills: readonly Kill[];
  readonly lines: number;
  readonly unexplained: readonly UnexplainedLine[];
  readonly disturbed: Digests;
  readonly undisturbed: Digests;
}

const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2026, 7, 25); // a month ends within the first days
const STEP_MS = 17 * HOUR_MS;
const TWIN_DATABASE = 'undisturbed_twin';
/** Before a command has been timed. */
const COMMAND_MS_GUESS = 1_500;
const PEACEFUL_TRIES_MAX = 20;
const COLLECT_VICTIMS: readonly (readonly Victim[])[] = [
  ['collector', 'database'],
  ['collector', 'rival collector'],
  ['collector', 'rival collector', 'database'],
];
const TRANSFORM_VICTIMS: readonly (readonly Victim[])[] = [
  ['transform'],
  ['database'],
  ['transform', 'database'],
];

/** `server` holds the twin. The killed server lives in a folder of its own. */
export async function runKills(server: ProofServer, options: KillOptions): Promise<KillResult> {
  const simulation = await startSimulation({
    seed: options.seed,
    startMs: START_MS,
    endMs: START_MS + (options.kills + 1) * STEP_MS,
    scale: options.scale,
    firstPort: 0,
  });
  try {
    const twin = await openTwin(server, simulation);
    try {
      return await new KillRun(path.join(server.folder, 'killed'), simulation, twin, options).run();
    } finally {
      await twin.pipeline.close();
      await server.dropDatabase(TWIN_DATABASE);
    }
  } finally {
    await simulation.close();
  }
}

interface Twin {
  readonly pipeline: Pipeline;
  readonly clock: SteppedClock;
}

async function openTwin(server: ProofServer, simulation: Simulation): Promise<Twin> {
  const url = await server.createDatabase(TWIN_DATABASE);
  const folder = path.join(server.folder, 'undisturbed');
  const file = await writeProofConfiguration(folder, simulation, { url });
  const clock = new SteppedClock(START_MS);
  return {
    clock,
    pipeline: await Pipeline.open(await readConfiguration(file, {}), clock, silentLogger),
  };
}

class KillRun {
  readonly #folder: string;
  readonly #simulation: Simulation;
  readonly #twin: Twin;
  readonly #options: KillOptions;
  readonly #random: Random;
  readonly #kills: Kill[] = [];
  readonly #spanMs = { collect: COMMAND_MS_GUESS, transform: COMMAND_MS_GUESS };
  #configFile = '';

  constructor(folder: string, simulation: Simulation, twin: Twin, options: KillOptions) {
    this.#folder = folder;
    this.#simulation = simulation;
    this.#twin = twin;
    this.#options = options;
    this.#random = new Random(`${options.seed}/kills`);
  }

  async run(): Promise<KillResult> {
    this.#configFile = await writeProofConfiguration(this.#folder, this.#simulation, {
      folder: 'postgres',
    });
    let presence = await this.#serve();
    for (let nowMs = START_MS; ; nowMs += STEP_MS) {
      this.#simulation.clock.advanceTo(nowMs);
      const isCalm = this.#kills.length >= this.#options.kills;
      if (!isCalm) presence = await this.#disturb('collect', nowMs, presence);
      await this.#inPeace('collect', nowMs);
      if (!isCalm) presence = await this.#disturb('transform', nowMs, presence);
      await this.#inPeace('transform', nowMs);
      await this.#liveTwin(nowMs);
      if (isCalm) break;
    }
    try {
      return await this.#compare();
    } finally {
      await presence.release();
    }
  }

  /** Holds the server, so that it does not stop between two commands. */
  #serve(): Promise<EmbeddedServer> {
    return startEmbeddedServer({ folder: path.join(this.#folder, 'postgres') });
  }

  /** Starts the command (collectors come in twos) and kills what the seed draws, when it says so. */
  async #disturb(
    during: Kill['during'],
    nowMs: number,
    presence: EmbeddedServer,
  ): Promise<EmbeddedServer> {
    const random = this.#random;
    const victims = random.pick(during === 'collect' ? COLLECT_VICTIMS : TRANSFORM_VICTIMS);
    const commands = new Map<Victim, RunningCommand>();
    for (const name of runnersOf(during)) {
      commands.set(name, startCommand(during, this.#configFile, nowMs));
    }
    await Promise.all(
      victims.map(async (victim) => {
        const atMs = Math.round(random.fraction() * this.#spanMs[during]);
        await sleep(atMs);
        const isKilled =
          victim === 'database'
            ? await killServer(path.join(this.#folder, 'postgres'))
            : commands.get(victim)?.kill() === true;
        if (isKilled) this.#note({ victim, during, atMs, nowMs });
      }),
    );
    for (const command of commands.values()) await command.ended;
    if (!victims.includes('database')) return presence;
    await presence.release();
    return this.#serve();
  }

  #note(kill: Kill): void {
    this.#kills.push(kill);
    this.#options.onKill(kill);
  }

  /** Runs the command until it has done everything: a killed process's session may live on for a moment. */
  async #inPeace(command: Kill['during'], nowMs: number): Promise<void> {
    let last: Ended | null = null;
    for (let tries = 0; tries < PEACEFUL_TRIES_MAX; tries += 1) {
      last = await startCommand(command, this.#configFile, nowMs).ended;
      if (last.exitCode === 0 && !hasSkipped(last)) {
        this.#spanMs[command] = last.durationMs;
        return;
      }
      if (last.exitCode !== 0) break;
    }
    throw new Error(`${command} does not succeed in peace: ${last?.stderr || last?.stdout}`);
  }

  async #liveTwin(nowMs: number): Promise<void> {
    const { pipeline, clock } = this.#twin;
    clock.set(nowMs);
    for (const account of await pipeline.collector.collect(allStreams(pipeline.configuration))) {
      if (account.error !== null) throw account.error;
    }
    await pipeline.transform();
  }

  async #compare(): Promise<KillResult> {
    const configuration = await readConfiguration(this.#configFile, {});
    const warehouse = await openWarehouse(configuration.database);
    try {
      const invoice = this.#simulation.invoice();
      return {
        kills: this.#kills,
        lines: invoice.length,
        unexplained: await unexplainedLines(warehouse.pool, invoice, invoice.length),
        disturbed: await digests(warehouse.pool),
        undisturbed: await digests(this.#twin.pipeline.warehouse.pool),
      };
    } finally {
      await warehouse.close();
    }
  }
}

function runnersOf(during: Kill['during']): Victim[] {
  return during === 'collect' ? ['collector', 'rival collector'] : ['transform'];
}

/** Whether another process was running a stream, so that this one left it out. */
function hasSkipped({ stdout }: Ended): boolean {
  const report = JSON.parse(stdout) as { accounts?: { skipped_streams: string[] }[] };
  return (report.accounts ?? []).some(({ skipped_streams }) => skipped_streams.length > 0);
}
