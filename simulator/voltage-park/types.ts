/** What prices, market and fleet all speak of. */

/** Unit prices in micro-USD per hour. */
export interface OfferedPrices {
  readonly fromMs: number;
  readonly gpu: Readonly<Record<string, bigint>>;
  readonly vcpu: bigint;
  readonly ramGb: bigint;
  readonly storageGb: bigint;
  readonly bareMetalGpu: { readonly ethernet: bigint; readonly infiniband: bigint };
  /** Per 100 GB, because the price of one gigabyte has more than six places. */
  readonly volume100Gb: bigint;
}

export interface HostNode {
  readonly id: string;
  readonly locationId: string;
  readonly gpuModel: string;
}
