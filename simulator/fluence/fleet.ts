/** Draws the fleet's history: which VMs exist when, under which names and prices. */
import type { WorldOptions } from '../provider.ts';
import { Random } from '../random.ts';
import { readingOf } from '../readings.ts';
import {
  BASIC_CONFIGURATIONS,
  EXTRA_STORAGE_MICRO_PER_MIB,
  MIB_PER_GIB,
  offerPriceMicro,
  SITES,
  type Site,
  vmResources,
} from './catalogue.ts';
import { EPOCH_MS, type EpochRule, nextBoundaryMs, nextChargeMs } from './epoch.ts';
import { drawShortVms, drawUnseenPrices } from './rare-events.ts';
import type { FluenceEvent, Port } from './types.ts';

const MINUTE_MS = 60 * 1000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const VMS_AT_START = 24;
const VMS_CREATED_PER_DAY = 46 / 90;
const VM_AGE_AT_START_MS_MAX = 20 * DAY_MS;
/** Launching included, so that a poll every hour sees each VM at least once. */
const LIFETIME_MS_MIN = 70 * MINUTE_MS;

const TEAMS = ['nlp', 'vision', 'platform', 'research', 'web'];
const ENVIRONMENTS = ['prod', 'prod', 'staging', 'dev'];
const ROLES = ['api', 'worker', 'train', 'db', 'cache', 'gateway'];
const OS_IMAGES = [
  'https://cloud-images.ubuntu.com/releases/22.04/release/ubuntu-22.04-server-cloudimg-amd64.img',
  'https://cloud-images.ubuntu.com/releases/24.04/release/ubuntu-24.04-server-cloudimg-amd64.img',
  'https://cloud.debian.org/images/cloud/bookworm/latest/debian-12-genericcloud-amd64.qcow2',
];
const PORT_SETS: readonly (readonly number[])[] = [[22], [22, 443], [22, 80, 443], [22, 9000]];

type OfferChange = FluenceEvent & { kind: 'offer-repriced' };

interface Lifetime {
  readonly createdAtMs: number;
  /** Absent while the VM outlives the world. */
  readonly deletedAtMs?: number;
}

/** The whole history up to `endMs`, boundaries included, in no particular order. */
export function generateFluenceEvents(options: WorldOptions): FluenceEvent[] {
  const random = new Random(`${options.seed}:fluence`);
  const offerChanges = drawOfferChanges(random.fork('offers'), options);
  const names = new NameBook();
  const events: FluenceEvent[] = [...offerChanges];
  for (const [index, lifetime] of drawLifetimes(random.fork('lifetimes'), options).entries()) {
    const vmRandom = random.fork(`vm-${index}`);
    events.push(...drawVm(vmRandom, options, lifetime, names, offerChanges));
  }
  const rule = readingOf(options, 'fluence.epoch');
  events.push(...drawShortVms(options, events, rule));
  events.push(...drawUnseenPrices(options, events));
  return [...events, ...epochStarts(events, rule, options)];
}

function epochStarts(
  events: readonly FluenceEvent[],
  rule: EpochRule,
  { startMs, endMs }: WorldOptions,
): FluenceEvent[] {
  const starts: FluenceEvent[] = [];
  if (rule !== 'own') {
    const firstMs = Math.min(startMs, ...events.map((event) => event.atMs));
    for (let atMs = nextChargeMs(rule, firstMs, firstMs - 1); atMs < endMs; atMs += EPOCH_MS) {
      starts.push({ kind: 'boundary', atMs });
    }
    return starts;
  }
  for (const event of events) {
    if (event.kind !== 'created') continue;
    for (let atMs = event.atMs + EPOCH_MS; atMs < endMs; atMs += EPOCH_MS) {
      starts.push({ kind: 'boundary', atMs, vmId: event.vm.id });
    }
  }
  return starts;
}

function drawLifetimes(random: Random, options: WorldOptions): Lifetime[] {
  const { startMs, endMs, scale } = options;
  const lifetimes: Lifetime[] = [];
  for (let n = Math.max(2, Math.round(VMS_AT_START * scale)); n > 0; n -= 1) {
    const createdAtMs = instant(random, startMs - VM_AGE_AT_START_MS_MAX, startMs - HOUR_MS);
    const deletedAtMs = instant(random, startMs + 2 * HOUR_MS, Math.max(startMs, endMs) + DAY_MS);
    const isDeleted = random.chance(0.45) && deletedAtMs < endMs;
    lifetimes.push(isDeleted ? { createdAtMs, deletedAtMs } : { createdAtMs });
  }
  const days = (endMs - startMs) / DAY_MS;
  for (let n = Math.max(2, Math.round(VMS_CREATED_PER_DAY * days * scale)); n > 0; n -= 1) {
    const createdAtMs = instant(random, startMs, endMs - 10 * MINUTE_MS);
    const deletedAtMs = awayFromBoundary(createdAtMs + drawDurationMs(random));
    if (createdAtMs >= endMs) continue;
    lifetimes.push(deletedAtMs < endMs ? { createdAtMs, deletedAtMs } : { createdAtMs });
  }
  return lifetimes.sort((a, b) => a.createdAtMs - b.createdAtMs);
}

function drawDurationMs(random: Random): number {
  const kind = random.fraction();
  if (kind < 0.3) return wholeSeconds(random, LIFETIME_MS_MIN, DAY_MS);
  if (kind < 0.65) return wholeSeconds(random, DAY_MS, 10 * DAY_MS);
  return wholeSeconds(random, 15 * DAY_MS, 80 * DAY_MS);
}

function drawVm(
  random: Random,
  options: WorldOptions,
  lifetime: Lifetime,
  names: NameBook,
  offerChanges: readonly OfferChange[],
): FluenceEvent[] {
  const { createdAtMs, deletedAtMs } = lifetime;
  const site = random.pick(SITES);
  const basic = random.pick(BASIC_CONFIGURATIONS.slice(0, random.chance(0.8) ? 3 : undefined));
  const extraStorageMib = random.chance(0.4) ? random.pick([25, 75, 175]) * MIB_PER_GIB : 0;
  const vmId = mixedCaseAddress(random);
  const priceMicro =
    offerPriceMicro(basic, offerPercentAt(site, offerChanges, createdAtMs)) +
    BigInt(extraStorageMib) * EXTRA_STORAGE_MICRO_PER_MIB;
  const vm = {
    id: vmId,
    createdAtMs,
    resources: vmResources(site, basic, extraStorageMib),
    osImage: random.pick(OS_IMAGES),
    datacenter: site.datacenter,
    publicIp: `154.42.${random.between(0, 255)}.${random.between(1, 254)}`,
    ports: random.pick(PORT_SETS).map((port): Port => ({ port, protocol: 'tcp' })),
  };
  const launchMs = wholeSeconds(random, 2 * MINUTE_MS, 5 * MINUTE_MS);
  const events: FluenceEvent[] = [
    { kind: 'created', atMs: createdAtMs, vm, name: names.draw(random), priceMicro },
  ];
  if (createdAtMs + launchMs < options.endMs) {
    events.push({ kind: 'launched', atMs: createdAtMs + launchMs, vmId });
  }
  if (deletedAtMs !== undefined) events.push({ kind: 'deleted', atMs: deletedAtMs, vmId });

  const firstChangeMs = Math.max(createdAtMs, options.startMs) + HOUR_MS;
  const lastChangeMs = (deletedAtMs ?? options.endMs) - HOUR_MS;
  if (lastChangeMs - firstChangeMs > DAY_MS && random.chance(0.25)) {
    const atMs = instant(random, firstChangeMs, lastChangeMs);
    const newPriceMicro = (priceMicro * BigInt(random.between(92, 112))) / 100n;
    events.push({ kind: 'repriced', atMs, vmId, priceMicro: newPriceMicro });
  }
  if (lastChangeMs - firstChangeMs > 6 * HOUR_MS && random.chance(0.2)) {
    const atMs = instant(random, firstChangeMs, lastChangeMs);
    events.push({ kind: 'renamed', atMs, vmId, name: names.draw(random) });
  }
  return events;
}

/** Two datacenters move their marketplace prices, at one and at two thirds of the world. */
function drawOfferChanges(random: Random, options: WorldOptions): OfferChange[] {
  const spanMs = options.endMs - options.startMs;
  return [1, 2].map((third) => {
    const site = random.pick(SITES);
    const atMs = awayFromBoundary(options.startMs + Math.floor((spanMs * third) / 3));
    const pricePercent = site.pricePercent + BigInt(random.pick([-6, -3, 4, 7]));
    return { kind: 'offer-repriced', atMs, datacenterId: site.datacenter.id, pricePercent };
  });
}

function offerPercentAt(site: Site, changes: readonly OfferChange[], atMs: number): bigint {
  let percent = site.pricePercent;
  for (const change of changes) {
    if (change.datacenterId === site.datacenter.id && change.atMs <= atMs) {
      percent = change.pricePercent;
    }
  }
  return percent;
}

/** The account's VM names, each used once (the console insists on it). */
class NameBook {
  readonly #countByBase = new Map<string, number>();

  draw(random: Random): string {
    const base = `${random.pick(TEAMS)}-${random.pick(ENVIRONMENTS)}-${random.pick(ROLES)}`;
    const count = (this.#countByBase.get(base) ?? 0) + 1;
    this.#countByBase.set(base, count);
    return `${base}-${count}`;
  }
}

/** Looks like an EIP-55 checksummed address without being one. */
function mixedCaseAddress(random: Random): string {
  const digits = Array.from(random.hex(40), (digit) =>
    random.chance(0.5) ? digit.toUpperCase() : digit,
  );
  return `0x${digits.join('')}`;
}

function wholeSeconds(random: Random, lowMs: number, highMs: number): number {
  return random.between(Math.ceil(lowMs / 1000), Math.floor(highMs / 1000)) * 1000;
}

function instant(random: Random, lowMs: number, highMs: number): number {
  return awayFromBoundary(wholeSeconds(random, lowMs, highMs));
}

/** Nobody can say who wins at the very second of the boundary, so nothing else happens there. */
function awayFromBoundary(atMs: number): number {
  const wholeMs = Math.floor(atMs / 1000) * 1000;
  const isClose = nextBoundaryMs(wholeMs - MINUTE_MS) <= wholeMs + MINUTE_MS;
  return isClose ? wholeMs + 5 * MINUTE_MS : wholeMs;
}
