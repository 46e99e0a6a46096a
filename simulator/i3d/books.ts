/**
 * What the provider has on record at an instant: the world as it was first booked, and what was
 * corrected since. An invoice follows the books of the instant at which it is written.
 */
import type { BillableServer, BillableVm, BillableWorld } from './billing.ts';

export type Correction = {
  readonly atMs: number;
  readonly resourceId: string;
  /** Start of the month that it corrects when that is not the one before `atMs`. */
  readonly monthMs?: number;
} & (
  | { readonly kind: 'contract'; readonly contractId: string }
  | { readonly kind: 'release'; readonly releasedAtMs: number }
);

export class Books {
  /** Earliest first; no resource is corrected twice. */
  readonly corrections: readonly Correction[];
  readonly #firstBooked: BillableWorld;

  constructor(firstBooked: BillableWorld, corrections: readonly Correction[]) {
    this.#firstBooked = firstBooked;
    this.corrections = corrections.toSorted((left, right) => left.atMs - right.atMs);
  }

  /** What is known at `nowMs`, corrections of that very instant included. */
  at(nowMs: number): BillableWorld {
    const known = new Map<string, Correction>();
    for (const correction of this.corrections) {
      if (correction.atMs <= nowMs) known.set(correction.resourceId, correction);
    }
    if (known.size === 0) return this.#firstBooked;
    const { servers, vms } = this.#firstBooked;
    return {
      ...this.#firstBooked,
      servers: servers.map((server) => correctedServer(server, known.get(server.uuid))),
      vms: vms.map((vm) => correctedVm(vm, known.get(vm.id))),
    };
  }
}

function correctedServer(
  server: BillableServer,
  correction: Correction | undefined,
): BillableServer {
  if (correction === undefined) return server;
  if (correction.kind === 'contract') return { ...server, contractId: correction.contractId };
  return { ...server, releasedAtMs: correction.releasedAtMs };
}

function correctedVm(vm: BillableVm, correction: Correction | undefined): BillableVm {
  if (correction?.kind !== 'release') return vm;
  return { ...vm, releasedAtMs: correction.releasedAtMs };
}
