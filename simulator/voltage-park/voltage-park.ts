/**
 * The simulated Voltage Park On-Demand API: the endpoints of the customer's document over a
 * generated fleet, and the invoice that the fleet's own events add up to.
 */

import type { GpuMachine } from '../prometheus/use.ts';
import type {
  InvoiceLine,
  SimulatedProvider,
  SimulatedRequest,
  SimulatedResponse,
  WorldOptions,
} from '../provider.ts';
import { Random } from '../random.ts';
import { type ReadingOf, readingOf } from '../readings.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import { clockSkewMs } from '../world-faults.ts';
import { generateBareMetal } from './bare-metal.ts';
import {
  type BillingInstance,
  billingInstances,
  byStartThenId,
  type Charge,
  chargesOf,
  type Movement,
} from './billing.ts';
import { GPUS_PER_NODE, LiveSet } from './fleet.ts';
import { drawCorrections, drawDeposits } from './funding.ts';
import { Router } from './http.ts';
import { invoiceLines } from './invoice.ts';
import { Ledger } from './ledger.ts';
import { Market } from './market.ts';
import { PriceBook } from './prices.ts';
import { drawRefunds, holdMonthBack, resizeMachine } from './rare-events.ts';
import { type ApiState, routesOf } from './routes.ts';
import { generateVirtualMachines } from './virtual-machines.ts';
import { generateVolumes } from './volumes.ts';
import {
  delayCharges,
  drawRepeats,
  drawRestatementCredits,
  drawUnknownMovements,
  overbillCharges,
  restateCharges,
} from './world-faults.ts';

export interface VoltageParkCredentials {
  /** Accepted as Bearer token everywhere and as `x-api-token` under `/storage`. */
  readonly token: string;
  /** A second token of the same organisation. */
  readonly otherToken?: string;
}

/** Live resources at scale 1. */
const VIRTUAL_MACHINES_LIVE = 14;
const RENTALS_LIVE = 6;
const VOLUMES_LIVE = 8;

export class SimulatedVoltagePark implements SimulatedProvider {
  readonly #clock: VirtualClock;
  readonly #skewMs: number;
  readonly #instances: readonly BillingInstance[];
  /** Nodes of each rental. */
  readonly #nodeCounts: ReadonlyMap<string, number>;
  readonly #restated: readonly Charge[];
  readonly #refunds: readonly Charge[];
  readonly #corrections: readonly Movement[];
  readonly #storageLink: ReadingOf<'voltage-park.storage-link'>;
  readonly #state: ApiState;
  readonly #router: Router;

  constructor(options: WorldOptions, credentials: VoltageParkCredentials) {
    const { startMs, endMs, scale } = options;
    const random = new Random(`voltage-park:${options.seed}`);
    const prices = new PriceBook(random.fork('prices'), startMs, endMs);
    const market = new Market(random.fork('market'), endMs);
    const span = { startMs, endMs, prices };
    const scaled = (count: number): number => Math.max(1, Math.round(count * scale));
    const machines = generateVirtualMachines(random.fork('virtual-machines'), {
      ...span,
      liveCount: scaled(VIRTUAL_MACHINES_LIVE),
      hostNodes: market.hostNodes,
    });
    const virtualMachines = resizeMachine(options, machines);
    const rentals = generateBareMetal(random.fork('bare-metal'), {
      ...span,
      liveCount: scaled(RENTALS_LIVE),
    });
    const volumes = generateVolumes(random.fork('volumes'), {
      ...span,
      liveCount: scaled(VOLUMES_LIVE),
      rentals,
    });

    this.#nodeCounts = new Map(
      rentals.map(({ id, changes }) => [id, changes[0]?.state?.nodeCount ?? 0]),
    );
    this.#clock = options.clock;
    this.#skewMs = clockSkewMs(options);
    this.#storageLink = readingOf(options, 'voltage-park.storage-link');
    this.#instances = billingInstances(
      random.fork('billing'),
      { virtualMachines, rentals, volumes },
      readingOf(options, 'voltage-park.powered-off-rental'),
    );
    const planned = drawCorrections(random.fork('corrections'), startMs, endMs);
    const chargeSpan = readingOf(options, 'voltage-park.charge-span');
    const charges = chargesOf(random.fork('charges'), this.#instances, endMs, chargeSpan);
    const deposits = drawDeposits(random.fork('deposits'), this.#instances, planned, endMs);
    const refunds = drawRefunds(options, charges);
    this.#corrections = [
      ...planned,
      ...drawRestatementCredits(options),
      ...drawUnknownMovements(options),
      ...refunds.movements,
    ];
    const restated = restateCharges(
      options,
      holdMonthBack(options, delayCharges(options, charges)),
    );
    this.#restated = restated.filter((charge) => charge.restatement !== undefined);
    this.#refunds = refunds.charges;
    const transactions = [
      ...overbillCharges(options, restated),
      ...refunds.charges,
      ...deposits,
      ...this.#corrections,
    ].sort(byStartThenId);
    this.#state = {
      organizationId: random.fork('organization').uuid(),
      rentalRate: readingOf(options, 'voltage-park.rental-rate'),
      prices,
      market,
      ledger: new Ledger(
        this.#instances,
        transactions,
        {
          sign: readingOf(options, 'voltage-park.sign'),
          storageLink: this.#storageLink,
          window: readingOf(options, 'voltage-park.transaction-window'),
        },
        drawRepeats(options, transactions),
      ),
      virtualMachines: new LiveSet(virtualMachines),
      rentals: new LiveSet(rentals),
      volumes: new LiveSet(volumes),
    };
    this.#router = new Router(
      routesOf(this.#state),
      [credentials.token, credentials.otherToken].filter((token) => token !== undefined),
    );
  }

  handle(request: SimulatedRequest): SimulatedResponse {
    const nowMs = this.#nowMs;
    this.#state.virtualMachines.advanceTo(nowMs);
    this.#state.rentals.advanceTo(nowMs);
    this.#state.volumes.advanceTo(nowMs);
    return this.#router.dispatch(request, nowMs);
  }

  invoice(): InvoiceLine[] {
    const booked = {
      instances: this.#instances,
      restated: this.#restated,
      refunds: this.#refunds,
      corrections: this.#corrections,
    };
    return invoiceLines(booked, this.#storageLink, this.#nowMs);
  }

  /** The bare-metal rentals with what they are charged, for whoever watches their GPUs. */
  gpuMachines(): GpuMachine[] {
    const ofRentals = this.#instances.filter(({ resourceType }) => resourceType === 'baremetal');
    return [...Map.groupBy(ofRentals, ({ resourceId }) => resourceId)].map(([id, stretches]) => ({
      id,
      gpuCount: GPUS_PER_NODE * (this.#nodeCounts.get(id) ?? 0),
      stretches,
    }));
  }

  /** By the provider's own clock. */
  get #nowMs(): number {
    return this.#clock.nowMs + this.#skewMs;
  }
}
