/** The lives of the simulated shared storage volumes. */
import type { Random } from '../random.ts';
import { DAY_MS, HOUR_MS } from './durations.ts';
import type { BareMetalRental, StorageVolume, Timeline } from './fleet.ts';
import { drawLifespans, drawRepriceInstants, type Lifespan, liveOut } from './life.ts';
import type { PriceBook } from './prices.ts';

const NAMES = ['datasets', 'checkpoints', 'scratch', 'home', 'models', 'logs'] as const;

export interface VolumeWorld {
  readonly startMs: number;
  readonly endMs: number;
  readonly liveCount: number;
  readonly prices: PriceBook;
  readonly rentals: readonly Timeline<BareMetalRental>[];
}

interface RentalSpan extends Lifespan {
  readonly id: string;
}

export function generateVolumes(random: Random, world: VolumeWorld): Timeline<StorageVolume>[] {
  const rentals = world.rentals.map(spanOf);
  const lifespans = drawLifespans(random, world.startMs, world.endMs, {
    liveCount: world.liveCount,
    shortChance: 0.05,
    longDaysMin: 40,
    longDaysMax: 170,
  });
  return lifespans.map((lifespan, index) =>
    liveVolume(random.fork(`volume-${index}`), lifespan, world, rentals),
  );
}

function spanOf(rental: Timeline<BareMetalRental>): RentalSpan {
  const last = rental.changes.at(-1);
  return {
    id: rental.id,
    bornMs: rental.changes[0]?.atMs ?? Number.POSITIVE_INFINITY,
    diedMs: last?.state === null ? last.atMs : Number.POSITIVE_INFINITY,
  };
}

function liveVolume(
  random: Random,
  lifespan: Lifespan,
  world: VolumeWorld,
  rentals: readonly RentalSpan[],
): Timeline<StorageVolume> {
  const blank: StorageVolume = {
    id: random.uuid(),
    name: `${random.pick(NAMES)}-${random.between(1, 20)}`,
    sizeGb: random.between(5, 200) * 100,
    status: 'inactive',
    microUsdPer100GbHour: world.prices.at(lifespan.bornMs).volume100Gb,
    rentalIds: [],
    virtualIp: `10.20.${random.between(0, 255)}.${random.between(1, 254)}`,
    createdMs: lifespan.bornMs,
  };
  return liveOut(
    {
      ...lifespan,
      first: attached(random, blank, lifespan.bornMs, rentals),
      waitMs: (volume, atMs) => drawWaitMs(random, volume, atMs, rentals),
      next: (volume, atMs) => drawNext(random, volume, atMs, rentals),
      repriceInstants: drawRepriceInstants(random, world.prices.changeInstants),
      reprice: (volume, atMs) => ({
        ...volume,
        microUsdPer100GbHour: world.prices.at(atMs).volume100Gb,
      }),
    },
    world.endMs,
  );
}

function attached(
  random: Random,
  volume: StorageVolume,
  atMs: number,
  rentals: readonly RentalSpan[],
): StorageVolume {
  const standing = rentals.filter((rental) => rental.bornMs <= atMs && atMs < rental.diedMs);
  if (standing.length === 0) return volume;
  return { ...volume, status: 'active', rentalIds: [random.pick(standing).id] };
}

/** A volume is detached at the very instant at which its rental goes. */
function drawWaitMs(
  random: Random,
  volume: StorageVolume,
  atMs: number,
  rentals: readonly RentalSpan[],
): number {
  if (volume.status === 'inactive') return random.between(6 * HOUR_MS, 5 * DAY_MS);
  const rentalDiedMs = rentalOf(volume, rentals)?.diedMs ?? Number.POSITIVE_INFINITY;
  return Math.min(random.between(2 * DAY_MS, 25 * DAY_MS), rentalDiedMs - atMs);
}

function drawNext(
  random: Random,
  volume: StorageVolume,
  atMs: number,
  rentals: readonly RentalSpan[],
): StorageVolume {
  const detached: StorageVolume = { ...volume, status: 'inactive', rentalIds: [] };
  if (volume.status === 'inactive') return attached(random, volume, atMs, rentals);
  const rental = rentalOf(volume, rentals);
  if (rental !== undefined && rental.diedMs <= atMs) return detached;
  if (random.chance(0.3)) return detached;
  return { ...volume, sizeGb: volume.sizeGb + random.between(1, 20) * 100 };
}

function rentalOf(volume: StorageVolume, rentals: readonly RentalSpan[]): RentalSpan | undefined {
  return rentals.find((rental) => rental.id === volume.rentalIds[0]);
}
