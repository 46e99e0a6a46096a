/** Births, deaths and the steps between them, common to every kind of resource. */
import type { Random } from '../random.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './durations.ts';
import type { Change, Timeline } from './fleet.ts';

export interface Lifespan {
  readonly bornMs: number;
  /** At or after the world's end for what is never terminated. */
  readonly diedMs: number;
}

export interface Turnover {
  /** How many exist at the same time, give or take the gaps between a death and the next birth. */
  readonly liveCount: number;
  /** Share of resources that live for minutes or hours: they are easily missed between two sweeps. */
  readonly shortChance: number;
  readonly longDaysMin: number;
  readonly longDaysMax: number;
}

const AGE_AT_START_DAYS_MAX = 30;

/** Keeps `liveCount` places occupied: each resource is followed by another one after a gap. */
export function drawLifespans(
  random: Random,
  startMs: number,
  endMs: number,
  turnover: Turnover,
): Lifespan[] {
  const lifespans: Lifespan[] = [];
  for (let place = 0; place < turnover.liveCount; place += 1) {
    let bornMs = startMs - random.between(HOUR_MS, AGE_AT_START_DAYS_MAX * DAY_MS);
    let diedMs = startMs + random.between(6 * HOUR_MS, turnover.longDaysMax * DAY_MS);
    while (bornMs < endMs) {
      lifespans.push({ bornMs, diedMs });
      bornMs = diedMs + random.between(HOUR_MS, 36 * HOUR_MS);
      diedMs = bornMs + drawLifetimeMs(random, turnover);
    }
  }
  return lifespans.sort((left, right) => left.bornMs - right.bornMs);
}

function drawLifetimeMs(random: Random, turnover: Turnover): number {
  if (random.chance(turnover.shortChance)) return random.between(20 * MINUTE_MS, 36 * HOUR_MS);
  return random.between(turnover.longDaysMin * DAY_MS, turnover.longDaysMax * DAY_MS);
}

export interface Life<State> extends Lifespan {
  readonly first: State;
  /** How long the state lasts when nobody reprices it. */
  waitMs(state: State, atMs: number): number;
  next(state: State, atMs: number): State;
  /** When the provider changes this resource's own price, earliest first. */
  readonly repriceInstants: readonly number[];
  reprice(state: State, atMs: number): State;
}

/** Lives one life up to its death or the world's end, whichever comes first. */
export function liveOut<State extends { readonly id: string }>(
  life: Life<State>,
  endMs: number,
): Timeline<State> {
  const stopMs = Math.min(life.diedMs, endMs);
  let state = life.first;
  const changes: Change<State>[] = [{ atMs: life.bornMs, state }];
  const repriceInstants = life.repriceInstants.filter((instant) => instant > life.bornMs);
  let stepMs = life.bornMs + life.waitMs(state, life.bornMs);
  for (;;) {
    const repriceMs = repriceInstants[0] ?? Number.POSITIVE_INFINITY;
    const atMs = Math.min(stepMs, repriceMs);
    if (atMs >= stopMs) break;
    if (repriceMs <= stepMs) {
      repriceInstants.shift();
      state = life.reprice(state, atMs);
    } else {
      state = life.next(state, atMs);
      stepMs = atMs + life.waitMs(state, atMs);
    }
    changes.push({ atMs, state });
  }
  if (life.diedMs < endMs) changes.push({ atMs: life.diedMs, state: null });
  return { id: life.first.id, changes };
}

/** The share of price changes that reach machines which run already. */
export function drawRepriceInstants(random: Random, changeInstants: readonly number[]): number[] {
  return changeInstants.filter(() => random.chance(0.25));
}

const TEAMS = ['nlp', 'vision', 'platform', 'research', 'web'] as const;
const ENVIRONMENTS = ['prod', 'staging', 'dev'] as const;

/** Free-text tags as people type them: often a team, mostly an environment, sometimes nothing. */
export function drawTags(random: Random): string[] {
  if (random.chance(0.15)) return [];
  const tags = [`team:${random.pick(TEAMS)}`];
  if (random.chance(0.8)) tags.push(`env:${random.pick(ENVIRONMENTS)}`);
  if (random.chance(0.15)) tags.push('keep until demo');
  return tags;
}
