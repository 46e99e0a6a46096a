/** What i3D offers in the simulated world: places, hardware, VM sizes and systems. No prices. */

export interface MetalLocation {
  readonly id: number;
  readonly name: string;
  /** The data centre code, in the same code space as a FlexVM site. */
  readonly code: string;
  readonly countryId: number;
  readonly countryName: string;
  readonly countryCode: string;
}

function place(
  id: number,
  name: string,
  code: string,
  countryId: number,
  countryName: string,
  countryCode: string,
): MetalLocation {
  return { id, name, code, countryId, countryName, countryCode };
}

export const METAL_LOCATIONS: readonly MetalLocation[] = [
  place(6, 'US: Ashburn - VA', 'usasb1', 840, 'United States', 'US'),
  place(9, 'US: Dallas - TX', 'usdal1', 840, 'United States', 'US'),
  place(11, 'US: Los Angeles - CA', 'uslax1', 840, 'United States', 'US'),
  place(18, 'EU: Rotterdam', 'nlrtm1', 528, 'Netherlands', 'NL'),
  place(21, 'JP: Tokyo', 'jptok1', 392, 'Japan', 'JP'),
  place(23, 'HK: Hong Kong', 'hkhkg1', 344, 'Hong Kong', 'HK'),
  place(27, 'BR: Sao Paulo', 'brsao1', 76, 'Brazil', 'BR'),
  place(31, 'AE: Dubai', 'aedxb1', 784, 'United Arab Emirates', 'AE'),
  place(34, 'EU: Montreuil 1', 'frmtl1', 250, 'France', 'FR'),
];

export interface MetalType {
  readonly id: number;
  readonly name: string;
  readonly cpuName: string;
  readonly baseClockMhz: number;
  readonly cores: number;
  readonly memoryGb: number;
  readonly memoryType: string;
  readonly storageGb: number;
  readonly storageCount: number;
  readonly storageType: string;
  readonly generationName: string;
  readonly network: { readonly type: string; readonly count: number };
  readonly gpu: string | null;
  readonly locations: readonly string[];
}

const EVERYWHERE: readonly string[] = METAL_LOCATIONS.map((location) => location.name);

export const METAL_TYPES: readonly MetalType[] = [
  {
    id: 129,
    name: 'bm7.std.8',
    cpuName: 'Intel Xeon E-2278G',
    baseClockMhz: 3_400,
    cores: 8,
    memoryGb: 32,
    memoryType: 'DDR4',
    storageGb: 960,
    storageCount: 1,
    storageType: 'SSD',
    generationName: 'Coffee Lake',
    network: { type: '1G', count: 2 },
    gpu: null,
    locations: EVERYWHERE,
  },
  {
    id: 133,
    name: 'bm8.std.32',
    cpuName: 'AMD EPYC 7502P',
    baseClockMhz: 2_500,
    cores: 32,
    memoryGb: 128,
    memoryType: 'DDR4',
    storageGb: 960,
    storageCount: 2,
    storageType: 'SSD',
    generationName: 'Rome',
    network: { type: '25G', count: 2 },
    gpu: null,
    locations: EVERYWHERE,
  },
  {
    id: 141,
    name: 'bm9.hmm.32',
    cpuName: 'AMD EPYC 9354P',
    baseClockMhz: 3_250,
    cores: 32,
    memoryGb: 256,
    memoryType: 'DDR5',
    storageGb: 1920,
    storageCount: 1,
    storageType: 'NVME',
    generationName: 'Genoa',
    network: { type: '25G', count: 2 },
    gpu: null,
    locations: ['EU: Rotterdam', 'EU: Montreuil 1', 'US: Los Angeles - CA', 'BR: Sao Paulo'],
  },
  {
    id: 152,
    name: 'bm9.hmm.gpu.4rtx4000.64',
    cpuName: 'AMD EPYC 9554P',
    baseClockMhz: 3_100,
    cores: 64,
    memoryGb: 1024,
    memoryType: 'DDR5',
    storageGb: 3840,
    storageCount: 4,
    storageType: 'NVME',
    generationName: 'Genoa',
    network: { type: '25G', count: 2 },
    gpu: '4x NVIDIA RTX 4000 Ada',
    locations: ['EU: Montreuil 1', 'EU: Rotterdam', 'US: Dallas - TX'],
  },
];

/** An instance type at a location. */
export interface MetalPair {
  readonly instanceType: string;
  readonly location: string;
}

/** Where the customer orders servers: a part of what is on offer. */
export const CUSTOMER_PAIRS: readonly MetalPair[] = [
  { instanceType: 'bm7.std.8', location: 'EU: Rotterdam' },
  { instanceType: 'bm7.std.8', location: 'EU: Montreuil 1' },
  { instanceType: 'bm7.std.8', location: 'US: Ashburn - VA' },
  { instanceType: 'bm7.std.8', location: 'JP: Tokyo' },
  { instanceType: 'bm8.std.32', location: 'EU: Rotterdam' },
  { instanceType: 'bm8.std.32', location: 'US: Dallas - TX' },
  { instanceType: 'bm8.std.32', location: 'HK: Hong Kong' },
  { instanceType: 'bm9.hmm.32', location: 'EU: Rotterdam' },
  { instanceType: 'bm9.hmm.32', location: 'US: Los Angeles - CA' },
  { instanceType: 'bm9.hmm.32', location: 'BR: Sao Paulo' },
  { instanceType: 'bm9.hmm.gpu.4rtx4000.64', location: 'EU: Montreuil 1' },
  { instanceType: 'bm9.hmm.gpu.4rtx4000.64', location: 'US: Dallas - TX' },
];

export interface OperatingSystem {
  readonly id: number;
  readonly name: string;
  readonly slug: string;
  readonly osGroup: string;
  readonly availableForFlexMetal: 0 | 1;
  readonly active: 0 | 1;
}

function system(id: number, name: string, slug: string, osGroup: string): OperatingSystem {
  return { id, name, slug, osGroup, availableForFlexMetal: 1, active: 1 };
}

export const OPERATING_SYSTEMS: readonly OperatingSystem[] = [
  system(201, 'Ubuntu 22.04 LTS', 'ubuntu-2204-lts', 'ubuntu'),
  system(214, 'Ubuntu 24.04 LTS', 'ubuntu-2404-lts', 'ubuntu'),
  system(219, 'Debian 12', 'debian-12', 'debian'),
  system(226, 'Talos Omni 1.8.4', 'talos-omni-184', 'talos'),
  {
    ...system(118, 'Windows Server 2019', 'windows-2019-std', 'windows'),
    availableForFlexMetal: 0,
  },
];

export interface VmType {
  readonly id: string;
  readonly name: string;
  readonly vcpu: number;
  readonly memoryMb: number;
  readonly diskGb: number;
  readonly pciDevices: readonly { readonly type: 'gpu' | 'nvme'; readonly spec: string }[];
}

export const VM_TYPES: readonly VmType[] = [
  {
    id: '5d0f6a52-8a41-4c0e-9d53-0a6c1f2e7b01',
    name: 'vm.std.2c.8g',
    vcpu: 2,
    memoryMb: 8192,
    diskGb: 40,
    pciDevices: [],
  },
  {
    id: '5d0f6a52-8a41-4c0e-9d53-0a6c1f2e7b02',
    name: 'vm.std.4c.16g',
    vcpu: 4,
    memoryMb: 16384,
    diskGb: 80,
    pciDevices: [],
  },
  {
    id: '5d0f6a52-8a41-4c0e-9d53-0a6c1f2e7b03',
    name: 'vm.std.8c.32g',
    vcpu: 8,
    memoryMb: 32768,
    diskGb: 160,
    pciDevices: [],
  },
  {
    id: '5d0f6a52-8a41-4c0e-9d53-0a6c1f2e7b04',
    name: 'vm.gpu.1rtx4000.15c.248g',
    vcpu: 15,
    memoryMb: 253952,
    diskGb: 250,
    pciDevices: [
      { type: 'gpu', spec: 'NVIDIA RTX 4000 Ada' },
      { type: 'nvme', spec: '3.84 TB' },
    ],
  },
];

export interface VmImage {
  readonly name: string;
  readonly os: string;
  readonly os_type: 'linux' | 'windows';
}

function image(name: string, os: string, type: 'linux' | 'windows'): VmImage {
  return { name, os, os_type: type };
}

export const VM_IMAGES: readonly VmImage[] = [
  image('ubuntu-2404-server-amd64', 'Ubuntu 24.04', 'linux'),
  image('ubuntu-2404-base', 'Ubuntu 24.04', 'linux'),
  image('debian-12-server-amd64', 'Debian 12', 'linux'),
  image('windows-2022-server-amd64', 'Windows Server 2022', 'windows'),
];

/** What one FlexVM node gives to VMs, by the cloud's instance type. */
export interface NodeCapacity {
  readonly vcpu: number;
  readonly memoryMb: number;
  readonly gpuCount: number;
  readonly nvmeCount: number;
}

export function nodeCapacity(instanceType: string): NodeCapacity {
  const type = METAL_TYPES.find((candidate) => candidate.name === instanceType);
  if (type === undefined) throw new RangeError(`no such instance type: ${instanceType}`);
  const gpuCount = type.gpu === null ? 0 : 4;
  return {
    vcpu: type.cores * 2,
    memoryMb: type.memoryGb * 1024,
    gpuCount,
    nvmeCount: gpuCount === 0 ? 0 : type.storageCount,
  };
}

/** The sites in which the tenant has FlexVM clouds. */
export const CLOUD_SITES = [
  { name: 'render-frmtl1', site: 'frmtl1', instanceType: 'bm9.hmm.gpu.4rtx4000.64' },
  { name: 'build-camtr6', site: 'camtr6', instanceType: 'bm9.hmm.gpu.4rtx4000.64' },
  { name: 'general-nlrtm1', site: 'nlrtm1', instanceType: 'bm9.hmm.32' },
] as const;
