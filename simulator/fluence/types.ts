/** The vocabulary of the simulated Fluence world. Money is bigint micro-USDC (10^-6). */

export interface Datacenter {
  readonly id: string;
  readonly countryCode: string;
  readonly cityCode: string;
  readonly cityIndex: number;
  readonly tier: number;
  readonly certifications: readonly string[];
}

export interface VmResource {
  readonly type: 'VCPU' | 'RAM' | 'STORAGE' | 'PUBLIC_IP';
  readonly quantity: number;
  readonly details: Readonly<Record<string, string | number>>;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface Port {
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
}

/** What never changes about one VM. */
export interface VmPlan {
  readonly id: string;
  readonly createdAtMs: number;
  /** The six digits of its creation after the milliseconds; zeros when left out. */
  readonly createdTail?: string;
  readonly resources: readonly VmResource[];
  readonly osImage: string;
  readonly datacenter: Datacenter;
  readonly publicIp: string;
  readonly ports: readonly Port[];
}

export type FluenceEvent =
  | { kind: 'created'; atMs: number; vm: VmPlan; name: string; priceMicro: bigint }
  /** The end of LAUNCHING: from here on the VM is listed. */
  | { kind: 'launched'; atMs: number; vmId: string }
  | { kind: 'renamed'; atMs: number; vmId: string; name: string }
  | { kind: 'repriced'; atMs: number; vmId: string; priceMicro: bigint }
  | { kind: 'deleted'; atMs: number; vmId: string }
  /** An epoch begins: for every existing VM, or for the one that is named. */
  | { kind: 'boundary'; atMs: number; vmId?: string }
  /** Marketplace prices of one datacenter move to `pricePercent` of the base price. */
  | { kind: 'offer-repriced'; atMs: number; datacenterId: string; pricePercent: bigint };
