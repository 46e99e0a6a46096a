/** A tick of all five providers in which nothing changed: collect everything, then transform. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { SteppedClock } from '../app/clock.ts';
import { readConfiguration } from '../app/config.ts';
import { writeDemoFolder } from '../app/demo/demo-folder.ts';
import { liveThrough } from '../app/demo/live-through.ts';
import { allStreams } from '../app/due-streams.ts';
import { silentLogger } from '../app/log.ts';
import { Pipeline } from '../app/pipeline.ts';
import { startSimulation } from '../simulator/simulation.ts';
import { type Bench, spread, timed } from './measure.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 7, 1);
const DAYS = 7;
const ROUNDS = 5;

export async function benchTick(bench: Bench): Promise<void> {
  const endMs = START_MS + DAYS * DAY_MS;
  const simulation = await startSimulation({
    seed: 'bench',
    startMs: START_MS,
    endMs: endMs + DAY_MS,
    scale: 1,
    firstPort: 0,
  });
  const folder = path.join(bench.folder, 'tick');
  await mkdir(folder, { recursive: true });
  const configuration = await readConfiguration(await writeDemoFolder(folder, simulation), {});
  const clock = new SteppedClock(START_MS);
  const pipeline = await Pipeline.open(configuration, clock, silentLogger);
  try {
    const signal = new AbortController().signal;
    await liveThrough({
      pipeline,
      clock,
      advanceWorld: (toMs) => simulation.clock.advanceTo(toMs),
      fromMs: START_MS,
      toMs: endMs,
      transformSchedule: '30 0,12 * * *',
      signal,
      onStep: () => undefined,
    });
    const tick = async (): Promise<void> => {
      await pipeline.collector.collect(allStreams(configuration), { signal });
      await pipeline.transform();
    };
    const sameInstant: number[] = [];
    const minuteLater: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      sameInstant.push(await timed(tick));
      clock.set(clock.nowMs() + 60_000); // the providers' world stands still: only our clock moves
      minuteLater.push(await timed(tick));
    }
    const streams = allStreams(configuration).length;
    bench.print(`${streams} streams collected and transformed, nothing changed`);
    bench.print(`at the same instant: ${spread(sameInstant, 0)} ms; target under 2000`);
    bench.print(`a minute later: ${spread(minuteLater, 0)} ms`);
    bench.print(
      `ratio of the tick to its collecting half: ${spread(await ratioToCollect(pipeline, signal))}`,
    );
  } finally {
    await pipeline.close();
    await simulation.close();
  }
}

async function ratioToCollect(pipeline: Pipeline, signal: AbortSignal): Promise<number[]> {
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const collectMs = await timed(() =>
      pipeline.collector.collect(allStreams(pipeline.configuration), { signal }),
    );
    const transformMs = await timed(() => pipeline.transform());
    ratios.push((collectMs + transformMs) / collectMs);
  }
  return ratios;
}
