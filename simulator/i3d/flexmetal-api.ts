/** GET /v3/flexMetal/…: every answer is an array, also for a single server. */
import type { SimulatedRequest, SimulatedResponse } from '../provider.ts';
import { readingOf } from '../readings.ts';
import { METAL_LOCATIONS, METAL_TYPES, type MetalType } from './catalogue.ts';
import { instanceTypeObject, locationObject } from './flexmetal-places.ts';
import { commitCapacity, quotaUsage } from './flexmetal-quota.ts';
import { serverJson } from './flexmetal-server.ts';
import { readUsageWindow, usageJson } from './flexmetal-usage.ts';
import { entityNotFound, FLEX_METAL_RESULTS_DEFAULT, okArray, okJson, rangedPage } from './http.ts';
import type { QuotaGap } from './rare-events.ts';
import type { I3dState } from './state.ts';

/** `segments` is the path behind `/v3/flexMetal`. Throws an I3dRefusal for what does not exist. */
export function answerFlexMetal(
  state: I3dState,
  segments: readonly string[],
  request: SimulatedRequest,
  quotaGaps: readonly QuotaGap[],
): SimulatedResponse {
  const [collection, id, detail] = segments;
  if (collection === 'servers' && segments.length <= 2) return answerServers(state, id, request);
  if (collection === 'location' && segments.length === 3 && detail === 'instanceTypes') {
    return okJson(instanceTypesAt(id ?? ''));
  }
  switch (segments.join('/')) {
    case 'usage':
      return answerUsage(state, request);
    case 'quota/usage':
      return okJson(quotaUsage(state, isQuotaEmpty(state, quotaGaps)));
    case 'capacity/commit':
      return okJson(commitCapacity(state, isQuotaEmpty(state, quotaGaps)));
    case 'location':
      return okJson(METAL_LOCATIONS.map(locationObject));
    case 'plans':
      return okJson(METAL_TYPES.map(planObject));
    case 'tags':
      return okJson(rangedPage(request, tagCounts(state), FLEX_METAL_RESULTS_DEFAULT));
    default:
      throw entityNotFound();
  }
}

function answerUsage(state: I3dState, { query }: SimulatedRequest): SimulatedResponse {
  const window = readUsageWindow(query, state.nowMs, readingOf(state, 'i3d.usage-end-date'));
  return okArray(usageJson(state, window));
}

function isQuotaEmpty({ nowMs }: I3dState, quotaGaps: readonly QuotaGap[]): boolean {
  return quotaGaps.some(({ fromMs, untilMs }) => fromMs <= nowMs && nowMs < untilMs);
}

function answerServers(
  state: I3dState,
  uuid: string | undefined,
  request: SimulatedRequest,
): SimulatedResponse {
  if (uuid !== undefined) {
    const view = state.servers.get(uuid);
    if (view === undefined) throw entityNotFound();
    return okArray([serverJson(view)]);
  }
  const status = request.query.get('status') ?? '';
  const tags = request.query.getAll('tag').filter((tag) => tag !== '');
  const listed = [...state.servers.values()].filter(
    (view) =>
      (status === '' || view.status === status) && tags.every((tag) => view.tags.includes(tag)),
  );
  return okArray(rangedPage(request, listed, FLEX_METAL_RESULTS_DEFAULT).map(serverJson));
}

function tagCounts(state: I3dState): unknown[] {
  const countByTag = new Map<string, number>();
  for (const view of state.servers.values()) {
    for (const tag of new Set(view.tags)) countByTag.set(tag, (countByTag.get(tag) ?? 0) + 1);
  }
  return [...countByTag]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([tag, count]) => ({ tag, resources: { count, flexMetalServers: { count } } }));
}

function instanceTypesAt(locationId: string): unknown[] {
  const location = METAL_LOCATIONS.find((candidate) => String(candidate.id) === locationId);
  if (location === undefined) throw entityNotFound();
  return METAL_TYPES.filter((type) => type.locations.includes(location.name)).map((type) =>
    instanceTypeObject(type, location),
  );
}

const AVAILABILITIES = ['high', 'medium', 'low', 'unavailable'] as const;

function planObject(type: MetalType): unknown {
  return {
    name: type.name,
    hardwareDetails: {
      cpu: {
        name: type.cpuName,
        baseClock: type.baseClockMhz,
        cpuCount: 1,
        cpuCores: type.cores,
        totalCores: type.cores,
      },
      memory: { type: type.memoryType, size: type.memoryGb },
      disks: Array.from({ length: type.storageCount }, () => ({
        type: type.storageType,
        size: type.storageGb,
      })),
      networkInterfaces: [type.network],
      gpu: type.gpu,
    },
    locations: METAL_LOCATIONS.filter(({ name }) => type.locations.includes(name)).map(
      (location) => ({
        name: location.name,
        dcCode: location.code,
        availability: AVAILABILITIES[(location.id + type.id) % AVAILABILITIES.length],
      }),
    ),
  };
}
