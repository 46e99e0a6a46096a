/**
 * Made-up daily costs whose oddities are known: weekly patterns, growth and noise, and in them
 * spikes, drops and level shifts with labels. The same seed gives the same series everywhere.
 */

const DAYS = 150;
/** Days before the first event: detectors need a past. */
const QUIET_DAYS = 35;
/** Days between events of one series, so that each is seen against a settled past. */
const DAYS_BETWEEN = 16;
const MISSING_CHANCE = 0.03;
/** A level shift is news for so many days; for the rest of the week it may be told or not. */
const SHIFT_NEWS_DAYS = 3;
const SHIFT_SETTLING_DAYS = 7;

export type EventKind = 'spike' | 'drop' | 'shift up' | 'shift down';

export interface LabelledDay {
  readonly series: string;
  /** Whole days since the first one. */
  readonly day: number;
  /** Cost with two decimals. */
  readonly cost: string;
  /** The event that this day belongs to, numbered per series; null on an ordinary day. */
  readonly event: number | null;
  readonly eventKind: EventKind | null;
  /** Neither right nor wrong to tell: the shift is known, and the past still settles. */
  readonly isSettling: boolean;
}

/** So many series of 150 days; some days are missing, as after an outage. */
export function labelledSeries(seed: string, seriesCount: number): LabelledDay[] {
  return Array.from({ length: seriesCount }, (_, index) =>
    oneSeries(`series-${index}`, randomFractions(`${seed}/${index}`)),
  ).flat();
}

type Fractions = () => number;

function oneSeries(series: string, random: Fractions): LabelledDay[] {
  const level = Math.exp(between(random, Math.log(80), Math.log(8000)));
  const noise = between(random, 0.005, 0.08);
  const growthPerDay = random() < 0.5 ? between(random, -0.002, 0.008) : 0;
  const weekend = random() < 0.5 ? between(random, 0.3, 0.85) : 1;
  const firstWeekday = Math.floor(random() * 7);
  const days: LabelledDay[] = [];
  let event: PlannedEvent | null = null;
  let events = 0;
  let nextEventDay = QUIET_DAYS + Math.floor(random() * DAYS_BETWEEN);
  let shifted = 1;
  for (let day = 0; day < DAYS; day += 1) {
    if (day === nextEventDay) {
      event = planEvent(random, day, events);
      events += 1;
      nextEventDay = day + DAYS_BETWEEN + Math.floor(random() * 2 * DAYS_BETWEEN);
      if (event.isLasting) shifted *= event.factor;
    }
    const age = event === null ? DAYS : day - event.day;
    const isInEvent = event !== null && age < event.newsDays;
    const factor = isInEvent && event !== null && !event.isLasting ? event.factor : 1;
    const weekday = (day + firstWeekday) % 7 >= 5 ? weekend : 1;
    const usual = level * shifted * (1 + growthPerDay) ** day * weekday;
    const cost = Math.max(usual * factor * (1 + noise * normal(random)), 0);
    if (random() < MISSING_CHANCE && !isInEvent) continue;
    days.push({
      series,
      day,
      cost: cost.toFixed(2),
      event: isInEvent ? (event?.number ?? null) : null,
      eventKind: isInEvent ? (event?.kind ?? null) : null,
      isSettling: event?.isLasting === true && age >= event.newsDays && age < SHIFT_SETTLING_DAYS,
    });
  }
  return days;
}

interface PlannedEvent {
  readonly number: number;
  readonly day: number;
  readonly kind: EventKind;
  readonly factor: number;
  readonly newsDays: number;
  readonly isLasting: boolean;
}

function planEvent(random: Fractions, day: number, number: number): PlannedEvent {
  const kind = (['spike', 'drop', 'shift up', 'shift down'] as const)[Math.floor(random() * 4)];
  const common = { number, day };
  switch (kind) {
    case 'spike':
      return { ...common, kind, factor: between(random, 1.4, 3), newsDays: 1, isLasting: false };
    case 'drop': {
      const newsDays = 1 + Math.floor(random() * 2);
      return { ...common, kind, factor: between(random, 0.05, 0.6), newsDays, isLasting: false };
    }
    case 'shift up': {
      const factor = between(random, 1.4, 2.5);
      return { ...common, kind, factor, newsDays: SHIFT_NEWS_DAYS, isLasting: true };
    }
    default: {
      const factor = between(random, 0.3, 0.65);
      const newsDays = SHIFT_NEWS_DAYS;
      return { ...common, kind: 'shift down', factor, newsDays, isLasting: true };
    }
  }
}

function between(random: Fractions, low: number, high: number): number {
  return low + random() * (high - low);
}

/** Box and Muller's: mean 0, standard deviation 1. */
function normal(random: Fractions): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Fractions in [0, 1) from a text: FNV-1a into splitmix32. */
function randomFractions(seed: string): Fractions {
  let state = 0x811c9dc5;
  for (const character of seed) {
    state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 0x1_0000_0000;
  };
}
