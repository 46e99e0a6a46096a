/** The FlexMetal server object and its references, as the guide prints them. */
import { unixSeconds } from './calendar.ts';
import { METAL_LOCATIONS, METAL_TYPES } from './catalogue.ts';
import type { ServerView } from './state.ts';

export interface NamedRef {
  readonly id: number;
  readonly name: string;
}

const LOCATION_ID_BY_NAME = new Map(METAL_LOCATIONS.map(({ id, name }) => [name, id]));
const TYPE_ID_BY_NAME = new Map(METAL_TYPES.map(({ id, name }) => [name, id]));

export function locationRef(name: string): NamedRef {
  return reference(LOCATION_ID_BY_NAME, name);
}

export function typeRef(name: string): NamedRef {
  return reference(TYPE_ID_BY_NAME, name);
}

function reference(idByName: ReadonlyMap<string, number>, name: string): NamedRef {
  const id = idByName.get(name);
  if (id === undefined) throw new RangeError(`not in the catalogue: ${name}`);
  return { id, name };
}

function statedDelivery({ plan, deliveredAtMs }: ServerView): number | null {
  if (deliveredAtMs === null) return null;
  return plan.statedDeliveredAt === undefined ? unixSeconds(deliveredAtMs) : plan.statedDeliveredAt;
}

/** Times are Unix seconds, null until reached. */
export function serverJson(view: ServerView): string {
  view.cachedJson ??= JSON.stringify({
    uuid: view.plan.uuid,
    name: view.name,
    status: view.status,
    statusMessage: view.statusMessage,
    location: locationRef(view.plan.location),
    instanceType: typeRef(view.plan.instanceType),
    os: { slug: view.osSlug },
    ipAddresses: view.ipAddress === null ? [] : [{ ipAddress: view.ipAddress }],
    tags: view.tags,
    createdAt: unixSeconds(view.plan.createdAtMs),
    deliveredAt: statedDelivery(view),
    releasedAt: view.releasedAtMs === null ? null : unixSeconds(view.releasedAtMs),
    contractId: view.contractId,
  });
  return view.cachedJson;
}
