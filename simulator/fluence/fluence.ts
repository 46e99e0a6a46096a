/** The simulated Fluence API: the generation of the customer's document (`/vms/v2`). */

import type {
  InvoiceLine,
  SimulatedProvider,
  SimulatedRequest,
  SimulatedResponse,
  WorldOptions,
} from '../provider.ts';
import { readingOf } from '../readings.ts';
import { clockSkewMs } from '../world-faults.ts';
import { EPOCH_MS } from './epoch.ts';
import { generateFluenceEvents } from './fleet.ts';
import { drawListGap, holds, type ListGap } from './rare-events.ts';
import { StatedVms } from './stated.ts';
import {
  basicConfigurations,
  countries,
  hardware,
  type OfferFilter,
  offerList,
  sshKeys,
  userView,
  vmList,
} from './views.ts';
import { FluenceWorld } from './world.ts';

export interface FluenceCredentials {
  readonly apiKey: string;
  /** A second key of the same account. */
  readonly otherApiKey?: string;
  /** Default `X-API-KEY`; with `Authorization` the value is `Bearer <key>`. */
  readonly header?: 'X-API-KEY' | 'Authorization';
}

export class SimulatedFluence implements SimulatedProvider {
  readonly #options: WorldOptions;
  readonly #world: FluenceWorld;
  /** Null while everything that is stated is true. */
  readonly #stated: StatedVms | null;
  readonly #listGap: ListGap | null;
  readonly #skewMs: number;
  readonly #headerName: string;
  readonly #headerValues: readonly string[];
  readonly #staticBodies: ReadonlyMap<string, string>;
  readonly #cache = new Map<string, { key: string; body: string }>();

  constructor(options: WorldOptions, credentials: FluenceCredentials) {
    this.#options = options;
    const events = generateFluenceEvents(options);
    this.#world = new FluenceWorld(events, readingOf(options, 'fluence.epoch'));
    this.#listGap = drawListGap(options);
    const isHonest = (options.worldFaults?.size ?? 0) === 0 && options.overbilling === undefined;
    this.#stated = isHonest ? null : new StatedVms(options, events);
    this.#skewMs = clockSkewMs(options);
    const header = credentials.header ?? 'X-API-KEY';
    this.#headerName = header.toLowerCase();
    this.#headerValues = [credentials.apiKey, credentials.otherApiKey]
      .filter((key) => key !== undefined)
      .map((key) => (header === 'Authorization' ? `Bearer ${key}` : key));
    this.#staticBodies = new Map([
      ['GET /marketplace/basic_configurations', JSON.stringify(basicConfigurations())],
      ['GET /marketplace/countries', JSON.stringify(countries())],
      ['GET /marketplace/hardware', JSON.stringify(hardware())],
      ['GET /ssh_keys', JSON.stringify(sshKeys(options.startMs))],
      ...(readingOf(options, 'fluence.user') === 'missing'
        ? []
        : [['GET /v1/users/me', JSON.stringify(userView(options.seed))] as const]),
    ]);
  }

  handle(request: SimulatedRequest): SimulatedResponse {
    if (!this.#headerValues.includes(request.headers[this.#headerName] ?? '')) {
      return failure(403, 'Forbidden: missing or invalid API key');
    }
    const nowMs = this.#nowMs;
    this.#world.advanceTo(nowMs);
    const route = `${request.method} ${request.path}`;
    const isListed = this.#listGap === null || !holds(this.#listGap, nowMs);
    if (route === 'GET /vms/v2' && !isListed) return failure(503, 'Service unavailable');
    if (route === 'GET /vms/v2') {
      if (this.#stated === null) return this.#cached(route, '', () => vmList(this.#world));
      // What is stated may change though nothing happens.
      const stated = this.#stated;
      return this.#cached(route, String(nowMs), () =>
        vmList(this.#world, (vm) => stated.of(vm, nowMs)),
      );
    }
    if (route === 'POST /marketplace/offers') return this.#offers(route, request.body);
    const body = this.#staticBodies.get(route);
    return body === undefined ? failure(404, 'Not found') : { status: 200, body };
  }

  invoice(): InvoiceLine[] {
    this.#world.advanceTo(this.#nowMs);
    return this.#world.invoice();
  }

  /** By the provider's own clock. */
  get #nowMs(): number {
    return this.#options.clock.nowMs + this.#skewMs;
  }

  #offers(route: string, requestBody: string): SimulatedResponse {
    const filter = readOfferFilter(requestBody);
    if (filter === null) return failure(400, 'Request body is not a valid constraints object');
    const nowMs = this.#nowMs;
    const list = (): unknown => offerList(this.#world, this.#options.seed, nowMs, filter);
    const key = `${Math.floor(nowMs / EPOCH_MS)}:${requestBody}`;
    return this.#cached(route, key, list);
  }

  /** One body per route is kept, for as long as nothing happens in the world. */
  #cached(route: string, detail: string, produce: () => unknown): SimulatedResponse {
    const key = `${this.#world.version}:${detail}`;
    const kept = this.#cache.get(route);
    if (kept?.key === key) return { status: 200, body: kept.body };
    const body = JSON.stringify(produce());
    this.#cache.set(route, { key, body });
    return { status: 200, body };
  }
}

/** The two constraints that the simulator honours; null when the body is not an object. */
function readOfferFilter(body: string): OfferFilter | null {
  let constraints: unknown;
  try {
    constraints = JSON.parse(body === '' ? '{}' : body);
  } catch {
    return null;
  }
  if (!isRecord(constraints)) return null;
  const { basicConfiguration, datacenter } = constraints;
  const wanted = isRecord(datacenter) ? datacenter.countries : undefined;
  return {
    ...(typeof basicConfiguration === 'string' && { slug: basicConfiguration }),
    ...(Array.isArray(wanted) && { countries: wanted.map(String) }),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function failure(status: number, error: string): SimulatedResponse {
  return { status, body: JSON.stringify({ error }) };
}
