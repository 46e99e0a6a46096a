/** What OpenMetal sells and for how much. All prices are mils (1/1000 USD) per hour. */

export interface Price {
  readonly standardMils: number;
  /** "Long-term usage": the rate that subscriptions apply. */
  readonly ltuMils: number;
}

export interface Sku {
  readonly name: string;
  readonly displayName: string;
  readonly variant: string;
  readonly id: number;
  /** Stats call the same machine by this internal type. */
  readonly internalType: string;
  readonly model: string;
  readonly processor: string;
  readonly frequencyMhz: string;
  readonly cores: number;
  readonly ramGb: number;
  readonly driveGb: number;
  readonly driveCount: number;
  readonly egressMbps: number;
  readonly price: Price;
  /** Prices in other pods are rounded to this step. */
  readonly stepMils: number;
}

/** Sold to the cloud whose billing is hidden, in mils that do not fit whole cents. */
export const UNBILLED_SKU = 'large_v3';

/** Changes its price during the world. */
export const REPRICED_SKU = 'medium_v4';

export const SKUS: readonly Sku[] = [
  {
    name: 'small_v3',
    displayName: 'Small',
    variant: 'v3',
    id: 11,
    internalType: 'mb_standard_v1',
    model: 'SYS-E300-9D',
    egressMbps: 250,
    processor: 'Intel Xeon D-2141I',
    frequencyMhz: '3000.0000',
    cores: 8,
    ramGb: 128,
    driveGb: 3200,
    driveCount: 1,
    price: { standardMils: 370, ltuMils: 300 },
    stepMils: 10,
  },
  {
    name: UNBILLED_SKU,
    displayName: 'Large',
    variant: 'v3',
    id: 14,
    internalType: UNBILLED_SKU,
    model: 'SYS-120U-TNR',
    egressMbps: 2000,
    processor: 'Intel Xeon Gold 5318Y',
    frequencyMhz: '3400.0000',
    cores: 48,
    ramGb: 512,
    driveGb: 6400,
    driveCount: 2,
    price: { standardMils: 1685, ltuMils: 1345 },
    stepMils: 5,
  },
  {
    name: REPRICED_SKU,
    displayName: 'Medium',
    variant: 'v4',
    id: 17,
    internalType: 'mb_medium_v2',
    model: 'SYS-221BT-HNR',
    egressMbps: 500,
    processor: 'Intel Xeon Silver 4510',
    frequencyMhz: '4100.0000',
    cores: 24,
    ramGb: 256,
    driveGb: 6400,
    driveCount: 1,
    price: { standardMils: 1380, ltuMils: 1100 },
    stepMils: 10,
  },
  {
    name: 'large_v4',
    displayName: 'Large',
    variant: 'v4',
    id: 18,
    internalType: 'mb_large_v2',
    model: 'SYS-121C-TN10R',
    egressMbps: 4000,
    processor: 'Intel Xeon Gold 6526Y',
    frequencyMhz: '3900.0000',
    cores: 32,
    ramGb: 512,
    driveGb: 6400,
    driveCount: 2,
    price: { standardMils: 1910, ltuMils: 1530 },
    stepMils: 10,
  },
  {
    name: 'xl_v4',
    displayName: 'XL',
    variant: 'v4',
    id: 19,
    internalType: 'mb_xl_v2',
    model: 'SYS-221H-TN24R',
    egressMbps: 6000,
    processor: 'Intel Xeon Gold 6530',
    frequencyMhz: '4000.0000',
    cores: 64,
    ramGb: 1024,
    driveGb: 6400,
    driveCount: 4,
    price: { standardMils: 3570, ltuMils: 2860 },
    stepMils: 10,
  },
];

export interface Pod {
  readonly id: string;
  readonly label: string;
  readonly displayName: string;
  readonly region: string;
  readonly code: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly releaseStatus: 'released' | 'pre-release';
  readonly pricePercent: number;
}

export const PODS: readonly Pod[] = [
  {
    id: 'pod_1',
    label: 'US-East',
    displayName: 'Ashburn, VA',
    region: 'US',
    code: 'iad3',
    latitude: 39.0438,
    longitude: -77.4874,
    releaseStatus: 'released',
    pricePercent: 100,
  },
  {
    id: 'pod_2',
    label: 'US-West',
    displayName: 'Los Angeles, CA',
    region: 'US',
    code: 'lax3',
    latitude: 33.9425,
    longitude: -118.4081,
    releaseStatus: 'released',
    pricePercent: 102,
  },
  {
    id: 'pod_3',
    label: 'EU-West',
    displayName: 'Amsterdam, NL',
    region: 'EU',
    code: 'ams1',
    latitude: 52.3676,
    longitude: 4.9041,
    releaseStatus: 'released',
    pricePercent: 105,
  },
  {
    id: 'pod_5',
    label: 'AP-Southeast',
    displayName: 'Singapore, SG',
    region: 'AP',
    code: 'sin1',
    latitude: 1.3521,
    longitude: 103.8198,
    releaseStatus: 'pre-release',
    pricePercent: 110,
  },
];

export interface IpBlock {
  readonly code: string;
  readonly prefixLength: number;
  readonly price: Price;
}

/** The number in a code is the prefix length for the first, the address count for the others. */
export const IP_BLOCKS: readonly IpBlock[] = [
  { code: 'ipv4_block_28', prefixLength: 28, price: { standardMils: 70, ltuMils: 60 } },
  { code: 'ip_block_32', prefixLength: 27, price: { standardMils: 140, ltuMils: 120 } },
  { code: 'ip_block_64', prefixLength: 26, price: { standardMils: 270, ltuMils: 230 } },
  { code: 'ip_block_128', prefixLength: 25, price: { standardMils: 530, ltuMils: 450 } },
  { code: 'ip_block_256', prefixLength: 24, price: { standardMils: 1050, ltuMils: 890 } },
];

export function skuByName(name: string): Sku {
  const sku = SKUS.find((candidate) => candidate.name === name);
  if (sku === undefined) throw new RangeError(`unknown SKU: ${name}`);
  return sku;
}

/** Base price × pod × the change so far (100 is none), rounded to the SKU's step. */
export function skuPrice(sku: Sku, podPercent: number, changePercent: number): Price {
  const scaled = (mils: number): number =>
    Math.round((mils * podPercent * changePercent) / (10_000 * sku.stepMils)) * sku.stepMils;
  return { standardMils: scaled(sku.price.standardMils), ltuMils: scaled(sku.price.ltuMils) };
}

export function podPercent(podId: string): number {
  return PODS.find((pod) => pod.id === podId)?.pricePercent ?? 100;
}

/** Catalogue code of a SKU's server: one product per SKU and form. */
export function serverCode(sku: Sku, form: 'baremetal' | 'storage_and_compute'): string {
  return `${form}_${sku.name}`;
}

export function serverName(sku: Sku, form: 'baremetal' | 'storage_and_compute'): string {
  const formName = form === 'baremetal' ? 'Baremetal' : 'Storage and Compute';
  return `${formName} - ${sku.displayName} ${sku.variant}`;
}
