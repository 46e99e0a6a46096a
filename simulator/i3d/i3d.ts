/** The simulated i3D.net API: FlexVM, FlexMetal and the shared account, one host and one key. */

import { formatNano } from '../decimal.ts';
import type {
  InvoiceLine,
  SimulatedProvider,
  SimulatedRequest,
  SimulatedResponse,
  WorldOptions,
} from '../provider.ts';
import { readingOf } from '../readings.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import { clockSkewMs, faultRandom, overbilledPermille } from '../world-faults.ts';
import { answerAccount } from './account-api.ts';
import { AccountInvoices, type GoodwillCredit } from './account-invoices.ts';
import { buildInvoice } from './billing.ts';
import { Books } from './books.ts';
import { monthText } from './calendar.ts';
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
import { drawGoodwill, drawQuotaGaps, type QuotaGap, rareWorld } from './rare-events.ts';
import type { RateCardRow } from './rate-card.ts';
import { I3dState } from './state.ts';
import { buildWorld, type I3dWorld } from './world.ts';
import { faultHistory } from './world-faults.ts';

export type { ContractRow } from './contracts.ts';
export type { RateCardRow } from './rate-card.ts';

export interface I3dCredentials {
  readonly apiKey: string;
  /** A second key of the same account. */
  readonly otherApiKey?: string;
}

export class SimulatedI3d implements SimulatedProvider {
  readonly #clock: VirtualClock;
  readonly #options: WorldOptions;
  readonly #apiKeys: readonly (string | undefined)[];
  readonly #quotaGaps: readonly QuotaGap[];
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
    this.#options = options;
    this.#apiKeys = [credentials.apiKey, credentials.otherApiKey].filter(
      (key) => key !== undefined,
    );
    this.#skewMs = clockSkewMs(options);
    const history = faultHistory(
      options,
      rareWorld(options, world ?? buildWorld(options.seed, { startMs, endMs, scale })),
    );
    const readings = options.readings ?? {};
    this.#quotaGaps = drawQuotaGaps(options);
    this.#world = history.world;
    this.#books = new Books({ ...history.world, readings }, history.corrections);
    this.#state = new I3dState(history.world, history.corrections, readings);
    const surcharges = {
      'i3d-flexmetal': overbilledPermille(options, 'i3d-flexmetal'),
      'i3d-flexvm': overbilledPermille(options, 'i3d-flexvm'),
    };
    const rules = { surcharges, readings, goodwill: drawGoodwill(options) };
    const invoicedFromMs = this.#invoicedFromMs();
    this.#accountInvoices = new AccountInvoices(this.#books, invoicedFromMs, endMs, rules);
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
    const usage = buildInvoice(this.#books.at(nowMs + this.#skewMs), nowMs);
    const credits = this.#accountInvoices.goodwillCredits(nowMs + this.#skewMs);
    return [...usage, ...credits.map((credit) => this.#creditLine(credit))];
  }

  /** Booked in the month of the invoice that it refers to. */
  #creditLine(credit: GoodwillCredit): InvoiceLine {
    return {
      service: credit.service,
      resourceId: `credit-note/${credit.id}`,
      otherIds: [String(credit.invoiceId)],
      month: monthText(credit.monthMs),
      currency: this.#world.rateCard[0]?.currency ?? 'EUR',
      amount: formatNano(-credit.exclVatNano, 2),
      quantity: '1',
      unit: 'Each',
    };
  }

  /** An older account has invoices of its first server's month on. */
  #invoicedFromMs(): number {
    const { startMs } = this.#options;
    if (faultRandom(this.#options, 'older-account') === null) return startMs;
    const births = [...this.#world.servers, ...this.#world.vms].map(
      ({ createdAtMs }) => createdAtMs,
    );
    return births.reduce((first, bornMs) => Math.min(first, bornMs), startMs);
  }

  /** What the sales agreement says; the API has no prices. */
  rateCard(): RateCardRow[] {
    return [...this.#world.rateCard];
  }

  contracts(): ContractRow[] {
    return [...(this.#world.toldContracts ?? this.#world.contracts)];
  }

  #answer(request: SimulatedRequest): SimulatedResponse {
    if (!this.#apiKeys.includes(request.headers['private-token'] ?? '')) throw badCredentials();
    if (request.method !== 'GET') throw badMethod();
    // The guide itself writes `/v3/flexMetal/location/`: one trailing slash is the same path.
    const path = request.path.replace(/\/$/, '');
    const [root, version, product, ...segments] = path.split('/');
    if (root !== '' || version !== 'v3') throw entityNotFound();
    if (product === 'flexVM') {
      const cloudUsage = readingOf(this.#options, 'i3d.cloud-usage');
      return answerFlexVm(this.#state, segments, request, cloudUsage);
    }
    if (product === 'flexMetal') {
      return answerFlexMetal(this.#state, segments, request, this.#quotaGaps);
    }
    if (product === 'account') {
      return answerAccount(this.#accountInvoices, segments, request, this.#state.nowMs);
    }
    if (product === 'operatingsystem' && segments.length === 0) return okJson(OPERATING_SYSTEMS);
    throw entityNotFound();
  }
}
