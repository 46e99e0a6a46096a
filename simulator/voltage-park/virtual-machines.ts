/** The lives of the simulated virtual machines. */
import type { Random } from '../random.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './durations.ts';
import type { Timeline, VirtualMachine } from './fleet.ts';
import { drawLifespans, drawRepriceInstants, drawTags, type Lifespan, liveOut } from './life.ts';
import { GPU_MODEL_H100, type PriceBook } from './prices.ts';
import type { HostNode } from './types.ts';

export const VCPUS_PER_GPU = 26;
export const RAM_GB_PER_GPU = 150;
export const STORAGE_GB_PER_GPU = 250;

const GPU_COUNTS = [1, 2, 4, 8] as const;
const OPERATING_SYSTEMS = ['Ubuntu 20.04 LTS', 'Ubuntu 22.04 LTS', 'Ubuntu 24.04 LTS'] as const;
const PURPOSES = ['train', 'infer', 'notebook', 'eval', 'etl', 'finetune'] as const;

export interface VirtualMachineWorld {
  readonly startMs: number;
  readonly endMs: number;
  readonly liveCount: number;
  readonly prices: PriceBook;
  readonly hostNodes: readonly HostNode[];
}

export function generateVirtualMachines(
  random: Random,
  world: VirtualMachineWorld,
): Timeline<VirtualMachine>[] {
  const lifespans = drawLifespans(random, world.startMs, world.endMs, {
    liveCount: world.liveCount,
    shortChance: 0.2,
    longDaysMin: 8,
    longDaysMax: 60,
  });
  return lifespans.map((lifespan, index) =>
    liveVirtualMachine(random.fork(`virtual-machine-${index}`), lifespan, world),
  );
}

function liveVirtualMachine(
  random: Random,
  lifespan: Lifespan,
  world: VirtualMachineWorld,
): Timeline<VirtualMachine> {
  return liveOut(
    {
      ...lifespan,
      first: drawFirst(random, lifespan.bornMs, world),
      waitMs: (machine) => drawWaitMs(random, machine),
      next: (machine) => drawNext(random, machine),
      repriceInstants: drawRepriceInstants(random, world.prices.changeInstants),
      reprice: (machine, atMs) => ({ ...machine, prices: world.prices.at(atMs) }),
    },
    world.endMs,
  );
}

function drawFirst(random: Random, bornMs: number, world: VirtualMachineWorld): VirtualMachine {
  const hasGpus = random.chance(0.88);
  const gpuCount = hasGpus ? random.pick(GPU_COUNTS) : 0;
  const hostNode = random.pick(world.hostNodes);
  return {
    id: random.uuid(),
    hostNodeId: hostNode.id,
    type: random.chance(0.9) ? 'ondem' : 'spot',
    status: 'Running',
    name: drawName(random),
    gpuModel: hasGpus ? hostNode.gpuModel : GPU_MODEL_H100,
    gpuCount,
    vcpuCount: hasGpus ? gpuCount * VCPUS_PER_GPU : 16,
    ramGb: hasGpus ? gpuCount * RAM_GB_PER_GPU : 64,
    storageGb: hasGpus ? gpuCount * STORAGE_GB_PER_GPU : 100,
    operatingSystem: random.pick(OPERATING_SYSTEMS),
    prices: world.prices.at(bornMs),
    publicIp: `198.51.100.${random.between(1, 254)}`,
    externalSshPort: random.between(20_000, 29_999),
    createdMs: bornMs,
    tags: drawTags(random),
  };
}

function drawName(random: Random): string {
  return `${random.pick(PURPOSES)}-${random.between(1, 99).toString().padStart(2, '0')}`;
}

function drawWaitMs(random: Random, machine: VirtualMachine): number {
  if (machine.status === 'Running') return random.between(4 * HOUR_MS, 14 * DAY_MS);
  return random.between(20 * MINUTE_MS, 5 * DAY_MS);
}

function drawNext(random: Random, machine: VirtualMachine): VirtualMachine {
  const draw = random.fraction();
  if (machine.status === 'StoppedDisassociated') return { ...machine, status: 'Running' };
  if (machine.status === 'Stopped') {
    return { ...machine, status: draw < 0.6 ? 'Running' : 'StoppedDisassociated' };
  }
  if (draw < 0.22) return { ...machine, status: 'Stopped' };
  if (draw < 0.44) return { ...machine, status: 'StoppedDisassociated' };
  if (draw < 0.56) return { ...machine, name: drawName(random) };
  if (draw < 0.76) return { ...machine, tags: drawTags(random) };
  return resized(random, machine);
}

/** Another number of GPUs with their usual share of vCPUs and memory, or only more vCPUs. */
function resized(random: Random, machine: VirtualMachine): VirtualMachine {
  if (machine.gpuCount === 0 || random.chance(0.4)) {
    const isLarge = machine.vcpuCount >= 2 * Math.max(16, machine.gpuCount * VCPUS_PER_GPU);
    return { ...machine, vcpuCount: machine.vcpuCount + (isLarge ? -8 : 8) };
  }
  const gpuCount = random.pick(GPU_COUNTS.filter((count) => count !== machine.gpuCount));
  return {
    ...machine,
    gpuCount,
    vcpuCount: gpuCount * VCPUS_PER_GPU,
    ramGb: gpuCount * RAM_GB_PER_GPU,
  };
}
