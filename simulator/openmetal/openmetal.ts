/** The simulated OpenMetal Central API. */

import type {
  InvoiceLine,
  SimulatedProvider,
  SimulatedRequest,
  SimulatedResponse,
  WorldOptions,
} from '../provider.ts';
import { readingOf } from '../readings.ts';
import { clockSkewMs, overbilledPermille } from '../world-faults.ts';
import { type OpenMetalCredentials, TokenOffice } from './auth.ts';
import { PODS } from './catalogue.ts';
import { DAY_MS } from './draws.ts';
import { generateOpenMetalHistory } from './fleet.ts';
import { openMetalInvoice } from './invoice.ts';
import { drawRareEvents } from './rare-events.ts';
import type { Organization } from './types.ts';
import { organizationView, profileView } from './view-accounts.ts';
import { cloudList, cloudView, statsView } from './view-clouds.ts';
import { orderList, orderView, prefixList, prefixView, vlanList } from './view-network.ts';
import { availabilityView, locationsView, productsView, stockSlot } from './view-public.ts';
import { subscriptionView } from './view-subscription.ts';
import { type CloudState, OpenMetalWorld } from './world.ts';
import { type BillingGap, drawBillingGaps, drawRepricings } from './world-faults.ts';

export type { OpenMetalCredentials } from './auth.ts';

export class SimulatedOpenMetal implements SimulatedProvider {
  readonly #options: WorldOptions;
  readonly #world: OpenMetalWorld;
  readonly #organizations: readonly Organization[];
  readonly #tokens: TokenOffice;
  readonly #billingGaps: ReadonlyMap<string, BillingGap>;
  readonly #permille: number;
  readonly #skewMs: number;
  readonly #cache = new Map<string, { key: string; body: string }>();

  constructor(options: WorldOptions, credentials: OpenMetalCredentials) {
    const history = generateOpenMetalHistory(options);
    this.#options = options;
    const repricings = drawRepricings(options, history.events);
    const rare = drawRareEvents(options, history.events);
    const events = [...history.events, ...repricings, ...rare];
    this.#world = new OpenMetalWorld(events, options.readings);
    this.#billingGaps = drawBillingGaps(options, history.events);
    this.#permille = overbilledPermille(options, 'openmetal');
    this.#skewMs = clockSkewMs(options);
    this.#organizations = history.organizations;
    this.#tokens = new TokenOffice(options.seed, credentials);
  }

  handle(request: SimulatedRequest): SimulatedResponse {
    const nowMs = this.#options.clock.nowMs + this.#skewMs;
    this.#world.advanceTo(nowMs);
    if (request.method !== 'GET') return notFound();
    const { authorization } = request.headers;
    if (request.path === '/v1/oauth2/token') return this.#issueToken(request, nowMs);
    const open = this.#handlePublic(request, nowMs);
    if (open !== null) return open;
    if (!this.#tokens.isValid(authorization, nowMs)) {
      return json(401, { status: 401, message: 'Unauthorized', errors: [] });
    }
    return this.#handlePrivate(request.path, nowMs);
  }

  invoice(): InvoiceLine[] {
    const { nowMs } = this.#options.clock;
    this.#world.advanceTo(nowMs + this.#skewMs);
    // Hours are counted by the instants that the API states: a skewed clock adds none to them.
    return openMetalInvoice(this.#world, nowMs);
  }

  #issueToken(request: SimulatedRequest, nowMs: number): SimulatedResponse {
    if (request.query.get('grant_type') !== 'client_credentials') {
      return badRequest('unsupported_grant_type', 'grant_type must be client_credentials');
    }
    if (!this.#tokens.isClient(request.headers.authorization)) {
      return json(401, { status: 401, message: 'invalid_client', errors: [] });
    }
    return json(200, this.#tokens.issue(nowMs));
  }

  /** Null when the path is not public. */
  #handlePublic(request: SimulatedRequest, nowMs: number): SimulatedResponse | null {
    const { path } = request;
    if (path === '/v2/inventory/locations') return this.#cached(path, '', locationsView);
    if (path === '/v1/products') {
      // Without a location the catalogue shows base prices: those of the first pod.
      const podId = request.query.get('location') ?? 'pod_1';
      if (!isPod(podId)) return badRequest('location', `unknown location ${podId}`);
      return this.#cached(`${path} ${podId}`, String(this.#world.version), () =>
        productsView(this.#world, podId),
      );
    }
    const podId = /^\/v2\/inventory\/([^/]+)\/availability$/.exec(path)?.[1];
    if (podId === undefined) return null;
    if (!isPod(podId)) return badRequest('pod_location', `unknown pod_location ${podId}`);
    const slot = stockSlot(nowMs);
    return this.#cached(path, String(slot), () =>
      availabilityView(this.#options.seed, podId, slot),
    );
  }

  #handlePrivate(path: string, nowMs: number): SimulatedResponse {
    const [, version, collection, id, part, ...rest] = path.split('/');
    if (version !== 'v1' || rest.length > 0) return notFound();
    const world = this.#world;
    const listVersion = String(world.version);
    switch (id === undefined ? collection : `${collection}/`) {
      case 'clouds':
        return this.#cached(path, listVersion, () => cloudList(world));
      case 'orders':
        return this.#cached(path, listVersion, () => orderList(world));
      case 'prefixes':
        return this.#cached(path, listVersion, () => prefixList(world));
      case 'vlans':
        return this.#cached(path, listVersion, () => vlanList(world));
      case 'clouds/': {
        const cloud = world.listedCloud(id ?? '');
        return cloud === undefined ? notFound() : this.#handleCloud(path, cloud, part, nowMs);
      }
      case 'accounts/':
        return this.#handleAccount(id ?? '', part);
      default:
        return part === undefined ? this.#handleDetail(collection, id ?? '') : notFound();
    }
  }

  #handleDetail(collection: string | undefined, id: string): SimulatedResponse {
    const world = this.#world;
    if (collection === 'orders') {
      const order = world.orders.get(id);
      return order === undefined ? notFound() : json(200, orderView(order, world, 'detail'));
    }
    if (collection === 'prefixes') {
      const prefix = world.prefixes.get(id);
      return prefix === undefined ? notFound() : json(200, prefixView(prefix, world));
    }
    if (collection === 'vlans') {
      const vlan = vlanList(world).find((candidate) => candidate.id === id);
      return vlan === undefined ? notFound() : json(200, vlan);
    }
    return notFound();
  }

  #handleCloud(
    path: string,
    cloud: CloudState,
    part: string | undefined,
    nowMs: number,
  ): SimulatedResponse {
    if (part === undefined) return json(200, cloudView(cloud));
    if (part === 'stats') {
      const version = String(this.#world.version);
      return this.#cached(path, version, () => statsView(cloud, this.#world));
    }
    if (part !== 'subscription') return notFound();
    if (!cloud.plan.organization.hasBilling) return noBilling();
    const gap = this.#billingGaps.get(cloud.plan.id);
    if (gap !== undefined && gap.fromMs <= nowMs && nowMs < gap.untilMs) {
      return gap.status === 403 ? noBilling() : notFound();
    }
    const isMissing = readingOf(this.#options, 'openmetal.bill-after-deletion') === 'missing';
    if (cloud.deletedAtMs !== null && isMissing) return notFound();
    // Billing is set up once the hardware is handed over.
    if (cloud.provisionedAtMs === null) return notFound();
    const total = readingOf(this.#options, 'openmetal.total');
    return json(200, subscriptionView(cloud, nowMs, this.#permille, total));
  }

  #handleAccount(id: string, part: string | undefined): SimulatedResponse {
    const organizations = this.#organizations;
    if (id === 'profile' && part === undefined) {
      return json(200, profileView(organizations, undefined));
    }
    const organization = organizations.find((candidate) => candidate.id === id);
    if (organization === undefined) return notFound();
    if (part === 'profile') return json(200, profileView(organizations, organization));
    if (part !== undefined) return notFound();
    return json(200, organizationView(organization, this.#options.startMs - 400 * DAY_MS));
  }

  /** One body per route is kept, for as long as `key` stays the same. */
  #cached(route: string, key: string, produce: () => unknown): SimulatedResponse {
    const kept = this.#cache.get(route);
    if (kept?.key === key) return { status: 200, body: kept.body };
    const body = JSON.stringify(produce());
    this.#cache.set(route, { key, body });
    return { status: 200, body };
  }
}

function isPod(podId: string): boolean {
  return PODS.some((pod) => pod.id === podId);
}

function json(status: number, value: unknown): SimulatedResponse {
  return { status, body: JSON.stringify(value) };
}

function noBilling(): SimulatedResponse {
  const message = 'You do not have billing permission on this cloud.';
  return json(403, { status: 403, name: 'Forbidden', message });
}

function notFound(): SimulatedResponse {
  return json(404, { status: 404, message: 'Not Found', errors: [] });
}

function badRequest(name: string, message: string): SimulatedResponse {
  return json(400, { status: 400, errors: [{ name, message }] });
}
