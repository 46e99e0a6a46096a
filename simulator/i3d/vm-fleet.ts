/** Which FlexVM virtual machines the customer runs, and when. */
import type { Random } from '../random.ts';
import { DAY_MS, SECOND_MS } from './calendar.ts';
import { VM_TYPES, type VmType } from './catalogue.ts';
import type { CloudPlan } from './clouds.ts';
import { pickLabels } from './labels.ts';
import {
  countOver,
  instantWithin,
  PREHISTORY_DAYS,
  type WorldWindow,
  wholeSecondMs,
} from './server-fleet.ts';
import { planVm, type VmOrder, type VmPlan } from './vm-lifecycle.ts';

const ELDEST_DAYS = PREHISTORY_DAYS - 2;
const SERVICE_SLOTS_AT_SCALE_ONE = 59;
const CI_VMS_PER_DAY = 1.8;
const FAILED_VMS_PER_DAY = 0.06;
const GPU_CHANCE = 0.3;
const CHAIN_LENGTH_MAX = 1000;

/** Every VM of the world, by creation and then id. */
export function buildVms(
  random: Random,
  window: WorldWindow,
  clouds: readonly CloudPlan[],
): VmPlan[] {
  const slotCount = Math.max(clouds.length, Math.round(SERVICE_SLOTS_AT_SCALE_ONE * window.scale));
  const plans: VmPlan[] = [];
  for (let index = 0; index < slotCount; index += 1) {
    const cloud = clouds[index % clouds.length];
    if (cloud === undefined) throw new RangeError('a FlexVM world needs clouds');
    plans.push(...serviceChain(random, window, cloud));
  }
  const ciCount = countOver(window, CI_VMS_PER_DAY, 5);
  for (let index = 0; index < ciCount; index += 1) plans.push(ciVm(random, window, clouds, index));
  const failedCount = countOver(window, FAILED_VMS_PER_DAY, 1);
  for (let index = 0; index < failedCount; index += 1) {
    plans.push(failedVm(random, window, clouds));
  }
  return plans.sort(
    (left, right) => left.createdAtMs - right.createdAtMs || (left.id < right.id ? -1 : 1),
  );
}

/** A service that lives on one VM after another. */
function serviceChain(random: Random, window: WorldWindow, cloud: CloudPlan): VmPlan[] {
  const plans: VmPlan[] = [];
  const startMs = wholeSecondMs(window.startMs);
  const labels = pickLabels(random, 'vm');
  const type = pickType(random, cloud);
  let createdAtMs = startMs - random.between(3600, ELDEST_DAYS * 86_400) * SECOND_MS;
  for (let count = 0; count < CHAIN_LENGTH_MAX && createdAtMs < window.endMs; count += 1) {
    const lifeMs = random.between(30 * 86_400, 260 * 86_400) * SECOND_MS;
    // Whoever is there at the start stays a while: nothing is released before the world begins.
    const aliveUntilMs = Math.max(
      createdAtMs + lifeMs,
      startMs + random.between(86_400, 20 * 86_400) * SECOND_MS,
    );
    const order: VmOrder = {
      cloud,
      type,
      labels,
      description: 'service',
      createdAtMs,
      lifeMs: aliveUntilMs - createdAtMs,
      isFailing: false,
      stopCount: labels.tags.includes('env:prod') ? 0 : random.between(0, 6),
    };
    plans.push(planVm(random, order, window.endMs));
    createdAtMs = aliveUntilMs + random.between(300, (2 * DAY_MS) / SECOND_MS) * SECOND_MS;
  }
  return plans;
}

function ciVm(
  random: Random,
  window: WorldWindow,
  clouds: readonly CloudPlan[],
  index: number,
): VmPlan {
  const cloud = random.pick(clouds);
  const tags = ['project:odyssey', 'env:dev'];
  if (random.chance(0.7)) tags.unshift('team:platform');
  const order: VmOrder = {
    cloud,
    type: pickType(random, cloud),
    labels: { name: `ci-build-agent-${String(index + 1).padStart(4, '0')}`, tags },
    description: 'build agent',
    createdAtMs: instantWithin(random, window),
    lifeMs: random.chance(0.7)
      ? random.between(6 * 60, 95 * 60) * SECOND_MS
      : random.between(2 * 3600, 30 * 3600) * SECOND_MS,
    isFailing: false,
    stopCount: 0,
  };
  return planVm(random, order, window.endMs);
}

function failedVm(random: Random, window: WorldWindow, clouds: readonly CloudPlan[]): VmPlan {
  const cloud = random.pick(clouds);
  const order: VmOrder = {
    cloud,
    type: pickType(random, cloud),
    labels: pickLabels(random, 'vm'),
    description: '',
    createdAtMs: instantWithin(random, window),
    lifeMs: random.between(10 * 60, 40 * 3600) * SECOND_MS,
    isFailing: true,
    stopCount: 0,
  };
  return planVm(random, order, window.endMs);
}

function pickType(random: Random, cloud: CloudPlan): VmType {
  const hasGpu = cloud.instanceType.includes('gpu');
  const wantsGpu = hasGpu && random.chance(GPU_CHANCE);
  return random.pick(VM_TYPES.filter((type) => type.pciDevices.length > 0 === wantsGpu));
}
