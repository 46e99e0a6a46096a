/** The lives of the simulated bare-metal rentals. */
import type { Random } from '../random.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './durations.ts';
import type { BareMetalRental, Timeline } from './fleet.ts';
import { drawLifespans, drawRepriceInstants, drawTags, type Lifespan, liveOut } from './life.ts';
import type { PriceBook } from './prices.ts';

const PURPOSES = ['cluster', 'pretrain', 'sweep', 'bench'] as const;

export interface BareMetalWorld {
  readonly startMs: number;
  readonly endMs: number;
  readonly liveCount: number;
  readonly prices: PriceBook;
}

export function generateBareMetal(
  random: Random,
  world: BareMetalWorld,
): Timeline<BareMetalRental>[] {
  const lifespans = drawLifespans(random, world.startMs, world.endMs, {
    liveCount: world.liveCount,
    shortChance: 0.1,
    longDaysMin: 20,
    longDaysMax: 90,
  });
  return lifespans.map((lifespan, index) =>
    liveRental(random.fork(`bare-metal-${index}`), wholeSeconds(lifespan), world),
  );
}

/** The document shows rentals created at whole seconds, without a fraction. */
function wholeSeconds(lifespan: Lifespan): Lifespan {
  return { ...lifespan, bornMs: Math.floor(lifespan.bornMs / 1_000) * 1_000 };
}

function liveRental(
  random: Random,
  lifespan: Lifespan,
  world: BareMetalWorld,
): Timeline<BareMetalRental> {
  return liveOut(
    {
      ...lifespan,
      first: drawFirst(random, lifespan.bornMs, world),
      waitMs: (rental) => drawWaitMs(random, rental),
      next: (rental) => drawNext(random, rental),
      repriceInstants: drawRepriceInstants(random, world.prices.changeInstants),
      reprice: (rental, atMs) => ({
        ...rental,
        gpuMicroUsdPerHour: world.prices.at(atMs).bareMetalGpu[rental.networkType],
      }),
    },
    world.endMs,
  );
}

function drawFirst(random: Random, bornMs: number, world: BareMetalWorld): BareMetalRental {
  const networkType = random.chance(0.6) ? 'infiniband' : 'ethernet';
  return {
    id: random.uuid(),
    name: drawName(random),
    createdMs: bornMs,
    status: 'Pending',
    powerStatus: 'Running',
    nodeCount: random.between(1, 4),
    networkType,
    gpuMicroUsdPerHour: world.prices.at(bornMs).bareMetalGpu[networkType],
    subOrder: random.between(10_000, 99_999).toString(),
    kubernetesClusterId: random.uuid(),
    subnet: random.between(1, 254),
    tags: drawTags(random),
  };
}

function drawName(random: Random): string {
  return `${random.pick(PURPOSES)}-${random.pick(['a', 'b', 'c', 'd', 'e', 'f'])}`;
}

function drawWaitMs(random: Random, rental: BareMetalRental): number {
  if (rental.status === 'Pending') return random.between(4 * MINUTE_MS, 40 * MINUTE_MS);
  if (rental.powerStatus === 'Stopped') return random.between(2 * HOUR_MS, 4 * DAY_MS);
  return random.between(12 * HOUR_MS, 16 * DAY_MS);
}

function drawNext(random: Random, rental: BareMetalRental): BareMetalRental {
  if (rental.status === 'Pending') return { ...rental, status: 'Running' };
  if (rental.powerStatus === 'Stopped') return { ...rental, powerStatus: 'Running' };
  const draw = random.fraction();
  if (draw < 0.35) return { ...rental, status: 'Pending' };
  if (draw < 0.55) return { ...rental, powerStatus: 'Stopped' };
  if (draw < 0.65) return { ...rental, name: drawName(random) };
  if (draw < 0.78 || rental.nodeCount === 1) return { ...rental, tags: drawTags(random) };
  return { ...rental, nodeCount: rental.nodeCount - 1 };
}
