/**
 * Goal: faults look on the wire as their names say, follow from seed and virtual time alone, pass
 * when asked again, and end when they should. Method: a listing behind a real socket, asked at many
 * instants until each kind of fault was met.
 */
import { expect, test } from 'vitest';
import type { FaultKind } from '../../../simulator/faults/fault-kinds.ts';
import { TransportFaults } from '../../../simulator/faults/transport-faults.ts';
import type { SimulatedRequest } from '../../../simulator/provider.ts';
import { VirtualClock } from '../../../simulator/virtual-clock.ts';
import {
  bench,
  faultsOf,
  HOUR_MS,
  listing,
  newlyCounted,
  ROWS,
  START_MS,
  UNTIL_MS,
} from './bench.ts';

const PATH = '/v3/flexMetal/servers';
const ATTEMPTS_MAX = 4;

function request(path: string, start = 0): SimulatedRequest {
  const headers = { 'ranged-data': `start=${start},results=50` };
  return { method: 'GET', path, query: new URLSearchParams(), headers, body: '' };
}

/** What each instant of a history does to a few requests, without the wire. */
function story(seed: string): string[] {
  const clock = new VirtualClock(START_MS);
  const faults = faultsOf(seed, clock);
  const told: string[] = [];
  for (let nowMs = START_MS; nowMs < UNTIL_MS; nowMs += HOUR_MS) {
    clock.advanceTo(nowMs);
    for (const start of [0, 3]) {
      const { request: asked, answer, delivery } = faults.passage(request(PATH, start));
      const { status, body } = answer({ status: 200, body: JSON.stringify(ROWS) });
      told.push(`${asked?.headers['ranged-data']} ${delivery} ${status} ${body}`);
    }
  }
  return told;
}

test('the same seed suffers the same, another seed something else', () => {
  expect(story('a')).toEqual(story('a'));
  expect(story('a')).not.toEqual(story('b'));
});

test('what is asked beside it changes nothing for a request', () => {
  const answersTo = (isBusy: boolean): string[] => {
    const clock = new VirtualClock(START_MS);
    const faults = faultsOf('busy', clock);
    const deliveries: string[] = [];
    for (let nowMs = START_MS; nowMs < UNTIL_MS; nowMs += HOUR_MS) {
      clock.advanceTo(nowMs);
      if (isBusy) for (let n = 0; n < 3; n += 1) faults.passage(request(`/other/${n}`));
      deliveries.push(faults.passage(request(PATH)).delivery);
    }
    return deliveries;
  };
  expect(answersTo(true)).toEqual(answersTo(false));
});

test('outages lie inside the time of faults, apart from one another', () => {
  for (let seed = 0; seed < 50; seed += 1) {
    const { outages } = faultsOf(`${seed}`, new VirtualClock(START_MS));
    let freeFromMs = START_MS;
    for (const { fromMs, toMs } of outages) {
      expect(fromMs).toBeGreaterThanOrEqual(freeFromMs);
      expect(toMs - fromMs).toBeGreaterThanOrEqual(10 * 60_000);
      expect(toMs - fromMs).toBeLessThanOrEqual(4 * 24 * HOUR_MS);
      expect(toMs).toBeLessThanOrEqual(UNTIL_MS);
      freeFromMs = toMs;
    }
  }
});

test('nothing happens after the time of faults', () => {
  const clock = new VirtualClock(UNTIL_MS);
  const options = { seed: 'over', clock, fromMs: START_MS, untilMs: UNTIL_MS, patienceMs: 10 };
  const faults = new TransportFaults(options);
  for (let n = 0; n < 500; n += 1) {
    const asked = request(`/path/${n}`);
    expect(faults.passage(asked)).toMatchObject({ request: asked, delivery: 'whole' });
  }
  expect([...faults.counts]).toEqual([]);
});

const LOOKS: Record<FaultKind, unknown> = {
  'asked-to-wait': { status: 429, retryAfter: expect.any(String) },
  'too-many-requests': { status: 429, retryAfter: undefined },
  'server-error': { status: expect.any(Number), contentType: 'text/html' },
  'no-answer': 'UND_ERR_HEADERS_TIMEOUT',
  'late-answer': 'UND_ERR_HEADERS_TIMEOUT',
  'stalled-body': 'UND_ERR_BODY_TIMEOUT',
  'closed-before-answer': 'UND_ERR_SOCKET',
  'closed-in-body': 'UND_ERR_SOCKET',
  'cut-body': { status: 200, text: expect.stringMatching(/^\[.*[^\]]$/) },
  'garbage-body': { status: 200, contentType: 'application/json' },
  'html-body': { status: 200, contentType: 'text/html' },
  'key-refused-once': { status: 401 },
  'row-repeated': { text: expect.stringMatching(/server-6.*server-6/) },
  'rows-moved-down': { text: expect.stringMatching(/^\[\{"uuid":"server-2"/) },
  'rows-moved-up': { text: expect.stringMatching(/^\[\{"uuid":"server-4"/) },
  'small-pages': { text: expect.not.stringContaining('server-6') },
  'paging-ignored': { text: expect.stringContaining('server-0') },
  'empty-list': { status: 200, text: '[]' },
  'unknown-field': { text: expect.stringContaining('undocumented_field') },
  'null-field': { text: expect.stringContaining('"name":null') },
  'missing-field': { text: expect.stringMatching(/\{"uuid":"[^"]+","status"/) },
  'number-as-text': { text: expect.stringMatching(/"createdAt":"\d+"/) },
  'broken-record': { text: expect.stringMatching(/"(location|status)":\[\]/) },
  'outage-closed': 'UND_ERR_SOCKET',
  'outage-503': { status: 503 },
};

/** For each kind of fault a seed and an instant at which asking for the rows from 3 on meets it alone. */
function findEach(): Map<FaultKind, { seed: string; nowMs: number }> {
  const found = new Map<FaultKind, { seed: string; nowMs: number }>();
  for (let n = 0; found.size < Object.keys(LOOKS).length; n += 1) {
    const seed = `seed ${n}`;
    const clock = new VirtualClock(START_MS);
    const faults = faultsOf(seed, clock);
    for (let nowMs = START_MS; nowMs < UNTIL_MS; nowMs += HOUR_MS) {
      clock.advanceTo(nowMs);
      const before = new Map(faults.counts);
      const { request: asked, answer } = faults.passage(request(PATH, 3));
      if (asked !== null) answer(listing.handle(asked));
      const [kind, ...others] = newlyCounted(before, faults.counts);
      if (kind === undefined || others.length > 0 || found.has(kind)) continue;
      found.set(kind, { seed, nowMs });
    }
  }
  return found;
}

const places = findEach();

test.each(Object.keys(LOOKS) as FaultKind[])('on the wire: %s', async (kind) => {
  const { seed, nowMs } = places.get(kind) ?? { seed: '', nowMs: START_MS };
  const { clock, faults, ask } = await bench(seed);
  clock.advanceTo(nowMs);
  const answer = await ask(PATH, 3);
  if (typeof answer === 'string') expect(answer).toEqual(LOOKS[kind]);
  else expect(answer).toMatchObject(LOOKS[kind] as object);
  expect([...faults.counts]).toEqual([[kind, 1]]);
});

test('an accident passes: asked again at the same instant, the listing comes', async () => {
  for (const [kind, { seed, nowMs }] of places) {
    if (kind.startsWith('outage')) continue;
    const clock = new VirtualClock(nowMs);
    const faults = faultsOf(seed, clock);
    for (let attempt = 1; attempt < ATTEMPTS_MAX; attempt += 1) faults.passage(request(PATH, 3));
    const { request: asked, answer, delivery } = faults.passage(request(PATH, 3));
    expect([kind, asked === null, delivery]).toEqual([kind, false, 'whole']);
    expect(answer({ status: 200, body: '[]' })).toEqual({ status: 200, body: '[]' });
  }
});
