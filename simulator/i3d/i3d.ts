/** The simulated i3D.net API: FlexVM, FlexMetal and the shared account, one host and one key. */

import type {
  InvoiceLine,
  SimulatedProvider,
  SimulatedRequest,
  SimulatedResponse,
  WorldOptions,
} from '../provider.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import { clockSkewMs, overbilledPermille } from '../world-faults.ts';
import { answerAccount } from './account-api.ts';
import { AccountInvoices } from './account-invoices.ts';
import { buildInvoice } from './billing.ts';
import { Books } from './books.ts';
import { OPERATING_SYSTEMS } from './catalogue.ts';
import type { ContractRow } from './contracts.ts';
import { answerFlexMetal } from './flexmetal-api.ts';
import { answerFlexVm } from './flexvm-api.ts';
import {
  badCredentials,
  badMethod,
  entityNotFound,
  I3dRefusal,
  okJson,
  refusalResponse,
} from './http.ts';
import type { RateCardRow } from './rate-card.ts';
import { I3dState } from './state.ts';
import { buildWorld, type I3dWorld } from './world.ts';
import { faultHistory } from './world-faults.ts';

export type { ContractRow } from './contracts.ts';
export type { RateCardRow } from './rate-card.ts';

export interface I3dCredentials {
  readonly apiKey: string;
}

export class SimulatedI3d implements SimulatedProvider {
  readonly #clock: VirtualClock;
  readonly #apiKey: string;
  readonly #skewMs: number;
  readonly #world: I3dWorld;
  readonly #books: Books;
  readonly #state: I3dState;
  readonly #accountInvoices: AccountInvoices;

  /** `world` replaces the seeded history; tests use it to tell a short story by hand. */
  constructor(options: WorldOptions, credentials: I3dCredentials, world?: I3dWorld) {
    if (credentials.apiKey === '') throw new RangeError('the API key must not be empty');
    const { startMs, endMs, scale } = options;
    this.#clock = options.clock;
    this.#apiKey = credentials.apiKey;
    this.#skewMs = clockSkewMs(options);
    const history = faultHistory(
      options,
      world ?? buildWorld(options.seed, { startMs, endMs, scale }),
    );
    this.#world = history.world;
    this.#books = new Books(history.world, history.corrections);
    this.#state = new I3dState(history.world, history.corrections);
    this.#accountInvoices = new AccountInvoices(this.#books, startMs, endMs, {
      'i3d-flexmetal': overbilledPermille(options, 'i3d-flexmetal'),
      'i3d-flexvm': overbilledPermille(options, 'i3d-flexvm'),
    });
  }

  handle(request: SimulatedRequest): SimulatedResponse {
    this.#state.advanceTo(this.#clock.nowMs + this.#skewMs);
    try {
      return this.#answer(request);
    } catch (error) {
      if (error instanceof I3dRefusal) return refusalResponse(error);
      throw error;
    }
  }

  invoice(): InvoiceLine[] {
    const { nowMs } = this.#clock;
    // Hours are counted by the instants that the API states: a skewed clock adds none to them.
    return buildInvoice(this.#books.at(nowMs + this.#skewMs), nowMs);
  }

  /** What the sales agreement says; the API has no prices. */
  rateCard(): RateCardRow[] {
    return [...this.#world.rateCard];
  }

  contracts(): ContractRow[] {
    return [...this.#world.contracts];
  }

  #answer(request: SimulatedRequest): SimulatedResponse {
    if (request.headers['private-token'] !== this.#apiKey) throw badCredentials();
    if (request.method !== 'GET') throw badMethod();
    // The guide itself writes `/v3/flexMetal/location/`: one trailing slash is the same path.
    const path = request.path.replace(/\/$/, '');
    const [root, version, product, ...segments] = path.split('/');
    if (root !== '' || version !== 'v3') throw entityNotFound();
    if (product === 'flexVM') return answerFlexVm(this.#state, segments, request);
    if (product === 'flexMetal') return answerFlexMetal(this.#state, segments, request);
    if (product === 'account') {
      return answerAccount(this.#accountInvoices, segments, request, this.#state.nowMs);
    }
    if (product === 'operatingsystem' && segments.length === 0) return okJson(OPERATING_SYSTEMS);
    throw entityNotFound();
  }
}
