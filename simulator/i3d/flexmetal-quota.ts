/** Quota and committed capacity: snapshots of this instant, without history. */
import { METAL_LOCATIONS, METAL_TYPES, type MetalType } from './catalogue.ts';
import { isContractRunning } from './contracts.ts';
import { instanceTypeObject, locationObject } from './flexmetal-places.ts';
import { locationRef, typeRef } from './flexmetal-server.ts';
import type { I3dState } from './state.ts';

const ON_DEMAND_QUOTA = 100;

/** Per location: the on-demand quota of each type on offer, then each running commitment. */
/** `isEmpty` while the provider lists nothing. */
export function quotaUsage(state: I3dState, isEmpty = false): unknown[] {
  if (isEmpty) return [];
  const usage = heldServers(state);
  return METAL_LOCATIONS.map(({ name }) => {
    const onDemand = METAL_TYPES.filter((type) => type.locations.includes(name)).map((type) => ({
      instanceType: typeRef(type.name),
      quotaType: 'onDemand',
      contractId: '',
      quota: Math.max(ON_DEMAND_QUOTA, Math.round(ON_DEMAND_QUOTA * state.world.scale)),
      usage: usage.get(holdingKey(name, type.name, '')) ?? 0,
    }));
    const commit = runningContracts(state, name).map((contract) => ({
      instanceType: typeRef(contract.instanceType),
      quotaType: 'commit',
      contractId: contract.contractId,
      quota: contract.capacity,
      usage: usage.get(holdingKey(name, contract.instanceType, contract.contractId)) ?? 0,
    }));
    return { location: locationRef(name), quotaUsage: [...onDemand, ...commit] };
  });
}

/** Only locations with a running commitment; `inUse` never exceeds the capacity. */
export function commitCapacity(state: I3dState, isEmpty = false): unknown[] {
  if (isEmpty) return [];
  const usage = heldServers(state);
  return METAL_LOCATIONS.flatMap((location) => {
    const { name } = location;
    const commits = runningContracts(state, name).map(({ contractId, instanceType, capacity }) => ({
      instanceType: instanceTypeObject(typeByName(instanceType), location),
      capacity,
      inUse: Math.min(capacity, usage.get(holdingKey(name, instanceType, contractId)) ?? 0),
    }));
    return commits.length === 0 ? [] : [{ location: locationObject(location), commits }];
  });
}

function typeByName(name: string): MetalType {
  const type = METAL_TYPES.find((candidate) => candidate.name === name);
  if (type === undefined) throw new RangeError(`not in the catalogue: ${name}`);
  return type;
}

function runningContracts(state: I3dState, location: string) {
  return state.world.contracts.filter(
    (contract) => contract.location === location && isContractRunning(contract, state.nowMs),
  );
}

/** How many servers are delivered or being released right now. */
function heldServers(state: I3dState): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { plan, status, contractId } of state.servers.values()) {
    if (status !== 'delivered' && status !== 'releasing') continue;
    const key = holdingKey(plan.location, plan.instanceType, contractId);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function holdingKey(location: string, instanceType: string, contractId: string): string {
  return `${location}|${instanceType}|${contractId}`;
}
