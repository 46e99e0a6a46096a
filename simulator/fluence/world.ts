/** Lives through the event log and keeps what the network charged. */
import { formatNano } from '../decimal.ts';
import type { InvoiceLine } from '../provider.ts';
import { SITES } from './catalogue.ts';
import { type EpochRule, nextChargeMs } from './epoch.ts';
import type { FluenceEvent, VmPlan } from './types.ts';

/** One charged epoch. */
export interface Charge {
  readonly atMs: number;
  readonly micro: bigint;
}

/** One existing VM. */
export interface VmState {
  readonly plan: VmPlan;
  name: string;
  isListed: boolean;
  /** Asked for from the next charge on. */
  priceMicro: bigint;
  reservedMicro: bigint;
  spentMicro: bigint;
  nextBillingAtMs: number;
  /** What `spentMicro` is the sum of, earliest first; the first one is the creation's. */
  readonly charges: Charge[];
}

interface MonthTotal {
  amountMicro: bigint;
  epochs: number;
}

/**
 * At one instant deletions come first and creations last: a VM deleted on the boundary does not
 * owe the new epoch, and one created on it pays that epoch once, at creation.
 */
const RANK: Readonly<Record<FluenceEvent['kind'], number>> = {
  deleted: 0,
  boundary: 1,
  repriced: 2,
  'offer-repriced': 3,
  created: 4,
  launched: 5,
  renamed: 6,
};

export class FluenceWorld {
  readonly #events: readonly FluenceEvent[];
  readonly #rule: EpochRule;
  readonly #vms = new Map<string, VmState>();
  /** By VM id, then by UTC month of the charge instant. */
  readonly #charged = new Map<string, Map<string, MonthTotal>>();
  readonly #offerPercents = new Map<string, bigint>();
  #cursor = 0;

  constructor(events: readonly FluenceEvent[], rule: EpochRule = 'network') {
    this.#rule = rule;
    this.#events = events.toSorted((a, b) => a.atMs - b.atMs || RANK[a.kind] - RANK[b.kind]);
    for (const site of SITES) this.#offerPercents.set(site.datacenter.id, site.pricePercent);
  }

  /** How many events have happened: equal numbers mean an equal state. */
  get version(): number {
    return this.#cursor;
  }

  get rule(): EpochRule {
    return this.#rule;
  }

  /** Existing VMs in order of creation, also those that are not listed yet. */
  get vms(): Iterable<VmState> {
    return this.#vms.values();
  }

  /** Share of the base price that the datacenter asks now. */
  offerPercent(datacenterId: string): bigint {
    return this.#offerPercents.get(datacenterId) ?? 100n;
  }

  advanceTo(nowMs: number): void {
    for (;;) {
      const event = this.#events[this.#cursor];
      if (event === undefined || event.atMs > nowMs) return;
      this.#apply(event);
      this.#cursor += 1;
    }
  }

  invoice(): InvoiceLine[] {
    const lines: InvoiceLine[] = [];
    for (const [vmId, months] of this.#charged) {
      for (const [month, total] of months) {
        lines.push({
          service: 'fluence',
          resourceId: vmId,
          month,
          currency: 'USDC',
          amount: formatNano(total.amountMicro * 1000n, 6),
          quantity: String(total.epochs),
          unit: '24 Hours',
        });
      }
    }
    return lines;
  }

  #apply(event: FluenceEvent): void {
    switch (event.kind) {
      case 'created':
        this.#create(event);
        return;
      case 'launched':
        this.#vm(event.vmId).isListed = true;
        return;
      case 'renamed':
        this.#vm(event.vmId).name = event.name;
        return;
      case 'repriced':
        this.#vm(event.vmId).priceMicro = event.priceMicro;
        return;
      case 'deleted':
        this.#vms.delete(event.vmId);
        return;
      case 'boundary':
        this.#beginEpoch(event);
        return;
      case 'offer-repriced':
        this.#offerPercents.set(event.datacenterId, event.pricePercent);
    }
  }

  #create(event: FluenceEvent & { kind: 'created' }): void {
    const vm: VmState = {
      plan: event.vm,
      name: event.name,
      isListed: false,
      priceMicro: event.priceMicro,
      reservedMicro: 0n,
      spentMicro: 0n,
      nextBillingAtMs: 0,
      charges: [],
    };
    this.#vms.set(event.vm.id, vm);
    this.#charge(vm, event.atMs);
  }

  /** A VM that is gone begins no epoch. */
  #beginEpoch(event: FluenceEvent & { kind: 'boundary' }): void {
    for (const vm of this.#vms.values()) {
      if (event.vmId === undefined || event.vmId === vm.plan.id) this.#charge(vm, event.atMs);
    }
  }

  /** One epoch at the price in force now. The reserve follows the charged price. */
  #charge(vm: VmState, atMs: number): void {
    vm.spentMicro += vm.priceMicro;
    vm.nextBillingAtMs = nextChargeMs(this.#rule, vm.plan.createdAtMs, atMs);
    vm.charges.push({ atMs, micro: vm.priceMicro });
    vm.reservedMicro = vm.priceMicro;
    const months = this.#charged.get(vm.plan.id) ?? new Map<string, MonthTotal>();
    this.#charged.set(vm.plan.id, months);
    const month = new Date(atMs).toISOString().slice(0, 7);
    const total = months.get(month) ?? { amountMicro: 0n, epochs: 0 };
    total.amountMicro += vm.priceMicro;
    total.epochs += 1;
    months.set(month, total);
  }

  #vm(vmId: string): VmState {
    const vm = this.#vms.get(vmId);
    if (vm === undefined) throw new Error(`event for a VM that does not exist: ${vmId}`);
    return vm;
  }
}
