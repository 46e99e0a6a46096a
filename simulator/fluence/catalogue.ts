/** The marketplace: datacenters, basic configurations and what they cost per epoch. */
import type { Datacenter, VmResource } from './types.ts';

export const MIB_PER_GIB = 1024;

/** Extra storage, in micro-USDC per MiB and epoch (Gen A prices storage by the MiB). */
export const EXTRA_STORAGE_MICRO_PER_MIB = 10n;

export interface BasicConfiguration {
  readonly slug: string;
  readonly vcpus: number;
  readonly ramMib: number;
  readonly storageMib: number;
  readonly basePriceMicro: bigint;
}

function configuration(vcpus: number, ramGib: number, basePriceMicro: bigint): BasicConfiguration {
  return {
    slug: `cpu-${vcpus}-ram-${ramGib}gb-storage-25gb`,
    vcpus,
    ramMib: ramGib * MIB_PER_GIB,
    storageMib: 25 * MIB_PER_GIB,
    basePriceMicro,
  };
}

export const BASIC_CONFIGURATIONS: readonly BasicConfiguration[] = [
  configuration(2, 4, 298_160n),
  configuration(4, 8, 589_430n),
  configuration(8, 16, 1_171_970n),
  configuration(16, 32, 2_337_060n),
  configuration(32, 64, 4_667_240n),
];

/** One provider site with the hardware that all its VMs share. */
export interface Site {
  readonly datacenter: Datacenter;
  readonly cpuModel: string;
  readonly cpu: Readonly<Record<string, string>>;
  readonly memoryGeneration: string;
  readonly memorySpeed: number;
  readonly storageType: 'SSD' | 'NVMe';
  readonly pricePercent: bigint;
}

function datacenter(
  index: number,
  place: readonly [countryCode: string, cityCode: string],
  tier: number,
  certifications: readonly string[],
): Datacenter {
  return {
    id: `0x${index.toString(16).padStart(64, '0')}`,
    countryCode: place[0],
    cityCode: place[1],
    cityIndex: 1,
    tier,
    certifications,
  };
}

const EPYC_ROME = { architecture: 'Zen', brand: 'EPYC', generation: '2', manufacturer: 'AMD' };
const EPYC_GENOA = { architecture: 'Zen', brand: 'EPYC', generation: '4', manufacturer: 'AMD' };
const XEON = {
  architecture: 'Cascade Lake',
  brand: 'Xeon',
  generation: '2',
  manufacturer: 'Intel',
};

export const SITES: readonly Site[] = [
  {
    datacenter: datacenter(5, ['FR', 'PAR'], 4, ['PCI DSS', 'ISO 9001:2015', 'ISO/IEC 27001:2022']),
    cpuModel: '7702p',
    cpu: EPYC_ROME,
    memoryGeneration: '4',
    memorySpeed: 3600,
    storageType: 'SSD',
    pricePercent: 100n,
  },
  {
    datacenter: datacenter(7, ['DE', 'FRA'], 3, ['ISO/IEC 27001:2022']),
    cpuModel: '6248r',
    cpu: XEON,
    memoryGeneration: '4',
    memorySpeed: 2933,
    storageType: 'SSD',
    pricePercent: 103n,
  },
  {
    datacenter: datacenter(11, ['LT', 'VNO'], 3, ['ISO 9001:2015', 'SOC2']),
    cpuModel: '7702p',
    cpu: EPYC_ROME,
    memoryGeneration: '4',
    memorySpeed: 3200,
    storageType: 'NVMe',
    pricePercent: 92n,
  },
  {
    datacenter: datacenter(14, ['US', 'NYC'], 4, ['PCI DSS', 'SOC2', 'HIPAA']),
    cpuModel: '9354',
    cpu: EPYC_GENOA,
    memoryGeneration: '5',
    memorySpeed: 4800,
    storageType: 'NVMe',
    pricePercent: 118n,
  },
];

/** Price per epoch of a configuration where the site asks `pricePercent` of the base price. */
export function offerPriceMicro(basic: BasicConfiguration, pricePercent: bigint): bigint {
  return (basic.basePriceMicro * pricePercent) / 100n;
}

/** What a VM of this configuration gets, in the order in which the API lists it. */
export function vmResources(
  site: Site,
  basic: BasicConfiguration,
  extraStorageMib: number,
): VmResource[] {
  return [
    {
      type: 'VCPU',
      quantity: basic.vcpus,
      details: { model: site.cpuModel },
      metadata: site.cpu,
    },
    {
      type: 'RAM',
      quantity: basic.ramMib,
      details: { manufacturer: 'Samsung', model: 'DGX', speed: site.memorySpeed },
      metadata: { generation: site.memoryGeneration, type: 'DDR' },
    },
    {
      type: 'STORAGE',
      quantity: basic.storageMib + extraStorageMib,
      details: { manufacturer: 'WD', sequentialWriteSpeed: 15000 },
      metadata: { type: site.storageType },
    },
    { type: 'PUBLIC_IP', quantity: 1, details: {}, metadata: { version: '4' } },
  ];
}
