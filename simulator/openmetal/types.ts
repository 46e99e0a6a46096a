/** The vocabulary of the simulated OpenMetal world. Prices are integers: cents or mils per hour. */

export type CloudType = 'pcc' | 'baremetal';

export interface Organization {
  readonly id: string;
  readonly uuid: string;
  readonly accountId: number;
  readonly name: string;
  readonly role: 'owner' | 'member';
  /** Whether the API key may read subscriptions of this organisation's clouds. */
  readonly hasBilling: boolean;
}

/** What never changes about one cloud. */
export interface CloudPlan {
  readonly id: string;
  readonly uuid: string;
  readonly description: string;
  readonly type: CloudType;
  readonly pod: string;
  readonly sku: string;
  readonly organization: Organization;
  readonly orderId: string;
  readonly hostAddress: string;
  readonly internalVip: string;
  readonly createdAtMs: number;
  /** Provision completion plus the free trial. */
  readonly activatedAtMs: number;
  /** Start of the first billing term, not before the activation. */
  readonly firstTermAtMs: number;
  readonly subscriptionUuid: string;
  readonly isInvoiced: boolean;
  /** Otherwise by invoice. */
  readonly isCardPaid: boolean;
  /** 0 means no discount. */
  readonly discountPercent: number;
  readonly sshKey: string;
  readonly vlans: readonly VlanPlan[];
}

export interface VlanPlan {
  readonly id: string;
  readonly vlanId: number;
  readonly uuid: string;
  readonly label: string;
  readonly type: 'routed' | 'internal';
}

/** One machine in a cloud. */
export interface NodePlan {
  readonly uuid: string;
  readonly hostname: string;
  readonly address: string;
  readonly mac: string;
  readonly rack: string;
  readonly chassis: string;
  /** When the provider bought it; long before any customer had it. */
  readonly boughtAtMs: number;
}

/** One line of the subscription's asset log: a node or a billed IP block. */
export interface AssetPlan {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly centsPerHour: number;
  /** Catalogue price that a cloud without billing permission is charged by. */
  readonly milsPerHour: number;
}

export interface PrefixPlan {
  readonly id: string;
  readonly label: string;
  readonly cloudId: string;
  readonly pod: string;
  readonly createdFrom: 'user' | 'omapi' | 'central';
  readonly prefixType: 'private' | 'routed' | 'allocation';
  readonly addonCode: string | null;
  readonly cidr: string;
  readonly prefixId: number;
  readonly vlanIndex: number;
}

export interface OrderPlan {
  readonly id: string;
  readonly label: string;
  readonly organization: Organization;
  readonly sku: string;
  readonly pod: string;
  readonly type: CloudType;
  readonly quantity: number;
  /** The cloud that the ordered nodes join; null when the order creates its own cloud. */
  readonly targetCloudId: string | null;
}

export type OpenMetalEvent =
  | { kind: 'ordered'; atMs: number; order: OrderPlan }
  | { kind: 'cloud-created'; atMs: number; cloud: CloudPlan; label: string }
  | { kind: 'provisioned'; atMs: number; cloudId: string }
  | { kind: 'relabelled'; atMs: number; cloudId: string; label: string }
  | { kind: 'node-added'; atMs: number; cloudId: string; node: NodePlan; asset: AssetPlan }
  | { kind: 'node-removed'; atMs: number; cloudId: string; nodeUuid: string }
  /** The node leaves one cloud for another and keeps its asset id. */
  | { kind: 'node-moved'; atMs: number; cloudId: string; nodeUuid: string; toCloudId: string }
  /** From here on the node is said to have been assigned at another instant. */
  | { kind: 'assignment-restated'; atMs: number; cloudId: string; nodeUuid: string; byMs: number }
  | { kind: 'node-power'; atMs: number; cloudId: string; nodeUuid: string; isOn: boolean }
  /** `asset` is null for blocks that are not billed. */
  | { kind: 'prefix-added'; atMs: number; prefix: PrefixPlan; asset: AssetPlan | null }
  | { kind: 'prefix-removed'; atMs: number; prefixId: string }
  /** Pending delete begins: the subscription ends here. */
  | { kind: 'cloud-deleted'; atMs: number; cloudId: string }
  /** The servers are wiped and the cloud leaves every list. */
  | { kind: 'cloud-gone'; atMs: number; cloudId: string }
  /** At a term's start: all assets of the cloud that are there cost `percent` of their rate. */
  | { kind: 'assets-repriced'; atMs: number; cloudId: string; percent: number }
  | { kind: 'product-repriced'; atMs: number; sku: string; pricePercent: number };
