/**
 * Decides what becomes of every request, from the seed and the virtual time alone: the same
 * history asked for again in the same order meets the same faults. An accident is drawn per request
 * and instant and passes after a few attempts; a listing's mood lasts for the instant, a drift for
 * hours, an outage for as long as it was drawn.
 */
import type { SimulatedRequest, SimulatedResponse } from '../provider.ts';
import { Random } from '../random.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import { cutInHalf, serverError, tooManyRequests } from './broken-answers.ts';
import type { Accident, Delivery, Drift, FaultKind, ListingMood } from './fault-kinds.ts';
import {
  emptied,
  isPaged,
  withoutPaging,
  withRowRepeated,
  withRowsMoved,
  withSmallPages,
} from './listing.ts';
import { drawOutages, type Outage } from './outages.ts';
import { canDrift, drifted } from './schema-drift.ts';

export interface FaultOptions {
  readonly seed: string;
  readonly clock: VirtualClock;
  /** Faults happen in [fromMs, untilMs). */
  readonly fromMs: number;
  readonly untilMs: number;
  /** How long the clients wait for an answer: a late one comes well after that. */
  readonly patienceMs: number;
}

/** What becomes of one request. */
export interface Passage {
  /** What the provider is asked; null when the request does not reach it. */
  readonly request: SimulatedRequest | null;
  /** What the client gets of the provider's answer (of an empty one when it was not asked). */
  answer(response: SimulatedResponse): SimulatedResponse;
  readonly delivery: Delivery;
}

const HOUR_MS = 3_600_000;
const DRIFT_MS = 12 * HOUR_MS;
/** HTTP clients look at their time limits no more often than every second or so. */
const LATE_MS = 3_000;
const ACCIDENT_CHANCE = 0.03;
const MOOD_CHANCE = 0.04;
const DRIFT_CHANCE = 0.15;
/** Attempts that one accident spoils: below what the client tries, so that it passes. */
const ACCIDENT_ATTEMPTS_MAX = 2;
const BURST_ATTEMPTS_MAX = 3;

/** How often each accident is drawn. Those that cost the client its patience are the rarest. */
const ACCIDENT_WEIGHTS: readonly (readonly [Accident, number])[] = [
  ['asked-to-wait', 8],
  ['too-many-requests', 8],
  ['server-error', 12],
  ['no-answer', 1],
  ['late-answer', 1],
  ['stalled-body', 1],
  ['closed-before-answer', 8],
  ['closed-in-body', 8],
  ['cut-body', 8],
  ['garbage-body', 5],
  ['html-body', 5],
  ['key-refused-once', 8],
  ['row-repeated', 8],
  ['rows-moved-down', 8],
  ['rows-moved-up', 8],
];
const MOODS: readonly ListingMood[] = [
  'small-pages',
  'small-pages',
  'paging-ignored',
  'empty-list',
];
const DRIFTS: readonly Drift[] = [
  'unknown-field',
  'null-field',
  'missing-field',
  'number-as-text',
  'broken-record',
];
const SERVER_ERRORS = [500, 502, 503, 504] as const;
/** Where tokens are handed out: a client that cannot read its token has no identity to retry with. */
const TOKEN_PATH = /\/oauth2\/token$/;
const DELIVERIES: Readonly<Partial<Record<Accident, Delivery>>> = {
  'no-answer': 'silent',
  'late-answer': 'late',
  'stalled-body': 'stalled',
  'closed-before-answer': 'closed',
  'closed-in-body': 'closed-in-body',
};

/** The faults in front of one host. */
export class TransportFaults {
  readonly outages: readonly Outage[];
  readonly lateMs: number;
  readonly #options: FaultOptions;
  readonly #counts = new Map<FaultKind, number>();
  #instantMs = Number.NaN;
  /** Attempts by request at this instant. */
  #attempts = new Map<string, number>();

  /** `seed` names the host too: what one host suffers never shifts another's faults. */
  constructor(options: FaultOptions) {
    this.#options = options;
    this.lateMs = options.patienceMs + LATE_MS;
    this.outages = drawOutages(this.#random('outages'), options.fromMs, options.untilMs);
  }

  /** How often each fault did something to an answer. */
  get counts(): ReadonlyMap<FaultKind, number> {
    return this.#counts;
  }

  passage(request: SimulatedRequest): Passage {
    const { clock, fromMs, untilMs } = this.#options;
    const { nowMs } = clock;
    if (nowMs < fromMs || nowMs >= untilMs) return throughUnharmed(request);
    const outage = this.outages.find((each) => nowMs >= each.fromMs && nowMs < each.toMs);
    if (outage !== undefined) {
      this.#count(outage.kind);
      const delivery = outage.kind === 'outage-closed' ? 'closed' : 'whole';
      return { request: null, delivery, answer: () => serverError(503) };
    }
    return this.#accidentOf(request, nowMs) ?? this.#distorted(request, nowMs);
  }

  /** The accident that spoils this attempt, or null. */
  #accidentOf(request: SimulatedRequest, nowMs: number): Passage | null {
    const key = keyOf(request);
    const attempt = this.#attempt(key, nowMs);
    const random = this.#random(`accident/${key}/${nowMs}`);
    if (!random.chance(ACCIDENT_CHANCE)) return null;
    const accident = weighted(random, ACCIDENT_WEIGHTS);
    const attemptsMax = attemptsSpoilt(accident);
    if (attempt > random.between(1, attemptsMax)) return null;
    if (TOKEN_PATH.test(request.path) && !isLoss(accident)) return null;
    return this.#suffer(accident, request, nowMs, random);
  }

  #suffer(
    accident: Accident,
    request: SimulatedRequest,
    nowMs: number,
    random: Random,
  ): Passage | null {
    const delivery = DELIVERIES[accident] ?? 'whole';
    const instead = (response: SimulatedResponse): Passage => {
      this.#count(accident);
      return { request: null, delivery, answer: () => response };
    };
    switch (accident) {
      case 'asked-to-wait':
        return instead(tooManyRequests(random.chance(0.5) ? '1' : new Date(nowMs).toUTCString()));
      case 'too-many-requests':
        return instead(tooManyRequests(null));
      case 'server-error':
        return instead(serverError(random.pick(SERVER_ERRORS)));
      case 'key-refused-once':
        return instead({ status: 401, body: '{"message":"token expired"}' });
      case 'html-body':
        return instead({
          status: 200,
          body: '<html>be right back</html>',
          contentType: 'text/html',
        });
      case 'garbage-body':
        return instead({ status: 200, body: '\u0001upstream connect error{' });
      case 'no-answer':
      case 'closed-before-answer':
        return instead(serverError(503)); // is never sent
      case 'late-answer':
      case 'stalled-body':
      case 'closed-in-body':
        this.#count(accident);
        return { request, delivery, answer: (response) => response };
      case 'cut-body':
        this.#count(accident);
        return { request, delivery, answer: cutInHalf };
      case 'row-repeated':
        return { request, delivery, answer: this.#changing(accident, withRowRepeated) };
      case 'rows-moved-down':
        return this.#moved(accident, request, nowMs, -1);
      case 'rows-moved-up':
        return this.#moved(accident, request, nowMs, 1);
    }
  }

  #moved(
    accident: Accident,
    request: SimulatedRequest,
    nowMs: number,
    rows: number,
  ): Passage | null {
    const asked = this.#mood(request, nowMs) === 'small-pages' ? withSmallPages(request) : request;
    const moved = withRowsMoved(asked, rows);
    if (keyOf(moved) === keyOf(asked)) return null;
    this.#count(accident);
    return { request: moved, delivery: 'whole', answer: (response) => response };
  }

  /** The request's and the answer's distortions that last longer than an attempt. */
  #distorted(request: SimulatedRequest, nowMs: number): Passage {
    const mood = this.#mood(request, nowMs);
    const drift = this.#drifting(request, nowMs);
    const isPagingSpoilt = mood !== null && mood !== 'empty-list' && isPaged(request);
    if (isPagingSpoilt) this.#count(mood);
    const spoilt = mood === 'small-pages' ? withSmallPages(request) : withoutPaging(request);
    return {
      request: isPagingSpoilt ? spoilt : request,
      delivery: 'whole',
      answer: (response) =>
        mood === 'empty-list' ? this.#changing(mood, emptied)(response) : drift(response),
    };
  }

  #mood({ path, method }: SimulatedRequest, nowMs: number): ListingMood | null {
    const random = this.#random(`mood/${path}/${nowMs}`);
    return method === 'GET' && random.chance(MOOD_CHANCE) ? random.pick(MOODS) : null;
  }

  #drifting(
    { path }: SimulatedRequest,
    nowMs: number,
  ): (response: SimulatedResponse) => SimulatedResponse {
    if (!canDrift(path)) return (response) => response;
    const random = this.#random(`drift/${path}/${Math.floor(nowMs / DRIFT_MS)}`);
    if (!random.chance(DRIFT_CHANCE)) return (response) => response;
    const drift = random.pick(DRIFTS);
    return this.#changing(drift, (response) => drifted(path, response, drift, random));
  }

  /** Counts the fault where it does something; leaves the answer alone where it cannot. */
  #changing(
    kind: FaultKind,
    change: (response: SimulatedResponse) => SimulatedResponse | null,
  ): (response: SimulatedResponse) => SimulatedResponse {
    return (response) => {
      const changed = change(response);
      if (changed !== null) this.#count(kind);
      return changed ?? response;
    };
  }

  #attempt(key: string, nowMs: number): number {
    if (nowMs !== this.#instantMs) this.#attempts.clear();
    this.#instantMs = nowMs;
    const attempt = (this.#attempts.get(key) ?? 0) + 1;
    this.#attempts.set(key, attempt);
    return attempt;
  }

  #random(name: string): Random {
    return new Random(`${this.#options.seed}/${name}`);
  }

  #count(kind: FaultKind): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }
}

export function throughUnharmed(request: SimulatedRequest): Passage {
  return { request, delivery: 'whole', answer: (response) => response };
}

function keyOf({ method, path, query, headers }: SimulatedRequest): string {
  return `${method} ${path}?${query} ${headers['ranged-data'] ?? ''}`;
}

function attemptsSpoilt(accident: Accident): number {
  if (accident === 'server-error') return BURST_ATTEMPTS_MAX;
  // A second refusal of the key would be believed.
  return accident === 'key-refused-once' ? 1 : ACCIDENT_ATTEMPTS_MAX;
}

/** Whether the answer is lost on its way, rather than wrong. */
function isLoss(accident: Accident): boolean {
  return accident === 'server-error' || accident === 'too-many-requests' || accident in DELIVERIES;
}

function weighted<T>(random: Random, weights: readonly (readonly [T, number])[]): T {
  let left = random.fraction() * weights.reduce((sum, [, weight]) => sum + weight, 0);
  const drawn = weights.find(([, weight]) => {
    left -= weight;
    return left < 0;
  });
  if (drawn === undefined) throw new RangeError('cannot pick from an empty list');
  return drawn[0];
}
