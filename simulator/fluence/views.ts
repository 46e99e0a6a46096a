/** Writes the world in the seed document's (Gen A) formats. */
import { formatNano } from '../decimal.ts';
import { Random } from '../random.ts';
import {
  BASIC_CONFIGURATIONS,
  type BasicConfiguration,
  EXTRA_STORAGE_MICRO_PER_MIB,
  MIB_PER_GIB,
  offerPriceMicro,
  SITES,
  type Site,
  vmResources,
} from './catalogue.ts';
import { EPOCH_MS, type EpochRule, FRACTION_TAIL } from './epoch.ts';
import { honestVm, type StatedVm } from './stated.ts';
import type { FluenceWorld, VmState } from './world.ts';

/**
 * `+002025-04-01T16:50:57.000000000Z`: signed six-digit year, nine fractional digits, of which `tail`
 * is what follows the milliseconds.
 */
export function formatInstant(atMs: number, tail = '000000'): string {
  return `+00${new Date(atMs).toISOString().slice(0, -1)}${tail}Z`;
}

/** `stated` may tell of a VM what is not true. */
export function vmList(
  world: FluenceWorld,
  stated: (vm: VmState) => StatedVm = honestVm,
): unknown[] {
  const views: unknown[] = [];
  for (const vm of world.vms) if (vm.isListed) views.push(vmView(vm, stated(vm), world.rule));
  return views;
}

function vmView(vm: VmState, stated: StatedVm, rule: EpochRule): unknown {
  const { createdTail } = vm.plan;
  const billingTail = { network: '000000', fraction: FRACTION_TAIL, own: createdTail }[rule];
  return {
    id: stated.id,
    vmName: vm.name,
    status: 'ACTIVE',
    pricePerEpoch: Number(vm.priceMicro),
    resources: vm.plan.resources,
    createdAt: formatInstant(vm.plan.createdAtMs, createdTail),
    nextBillingAt: formatInstant(stated.nextBillingAtMs, billingTail),
    osImage: vm.plan.osImage,
    datacenter: vm.plan.datacenter,
    publicIp: vm.plan.publicIp,
    ports: vm.plan.ports,
    reservedBalance: String(vm.reservedMicro),
    totalSpent: String(stated.spentMicro),
  };
}

/** Which offers a search asks for; an absent member means no restriction. */
export interface OfferFilter {
  readonly slug?: string;
  readonly countries?: readonly string[];
}

export function offerList(
  world: FluenceWorld,
  seed: string,
  nowMs: number,
  filter: OfferFilter,
): unknown[] {
  const offers: unknown[] = [];
  for (const site of SITES) {
    const { id, countryCode } = site.datacenter;
    if (filter.countries !== undefined && !filter.countries.includes(countryCode)) continue;
    for (const basic of BASIC_CONFIGURATIONS) {
      if (filter.slug !== undefined && filter.slug !== basic.slug) continue;
      const stock = new Random(`${seed}:${id}:${basic.slug}:${Math.floor(nowMs / EPOCH_MS)}`);
      offers.push(offerView(site, basic, offerPriceMicro(basic, world.offerPercent(id)), stock));
    }
  }
  return offers;
}

function offerView(
  site: Site,
  basic: BasicConfiguration,
  priceMicro: bigint,
  stock: Random,
): unknown {
  const { id: _, ...place } = site.datacenter;
  const extraStorage = {
    supply: stock.between(100, 900) * MIB_PER_GIB,
    perVmLimit: 200 * MIB_PER_GIB,
    type: 'STORAGE',
    metadata: { type: site.storageType },
    price: formatUsdc(EXTRA_STORAGE_MICRO_PER_MIB),
  };
  return {
    configuration: { slug: basic.slug, price: formatUsdc(priceMicro) },
    resources: offerResources(site, basic, priceMicro),
    datacenter: place,
    servers: [
      { availableBasicInstances: stock.between(0, 12), additionalResources: [extraStorage] },
    ],
    maxAdditionalSupply: [extraStorage],
  };
}

/** The configuration's price shared out over its resources; the address takes the rest. */
function offerResources(site: Site, basic: BasicConfiguration, priceMicro: bigint): unknown[] {
  const sharePercents: Readonly<Record<string, bigint>> = { VCPU: 55n, RAM: 25n, STORAGE: 12n };
  let restMicro = priceMicro;
  return vmResources(site, basic, 0).map(({ type, metadata }) => {
    const sharePercent = sharePercents[type];
    const shareMicro = sharePercent === undefined ? restMicro : (priceMicro * sharePercent) / 100n;
    restMicro -= shareMicro;
    return { type, metadata, price: formatUsdc(shareMicro) };
  });
}

/** Decimal USDC without trailing zeros: `0.30698`. */
function formatUsdc(micro: bigint): string {
  return formatNano(micro * 1000n, 6).replace(/\.?0+$/, '');
}

export function basicConfigurations(): unknown {
  return { basic_configurations: BASIC_CONFIGURATIONS.map((basic) => basic.slug) };
}

export function countries(): string[] {
  return [...new Set(SITES.map((site) => site.datacenter.countryCode))].sort();
}

export function hardware(): unknown {
  const distinct = (values: readonly object[]): object[] => {
    const byText = new Map(values.map((value) => [JSON.stringify(value), value]));
    return [...byText.values()];
  };
  return {
    cpu: distinct(
      SITES.map(({ cpu }) => ({ manufacturer: cpu.manufacturer, architecture: cpu.architecture })),
    ),
    memory: distinct(SITES.map((site) => ({ type: 'DDR', generation: site.memoryGeneration }))),
    storage: distinct(SITES.map((site) => ({ type: site.storageType }))),
  };
}

/** Recognisable text stands where a key would: nothing of it may reach the product's database. */
export function sshKeys(worldStartMs: number): unknown[] {
  return ['deploy', 'oncall'].map((name, index) => ({
    name: `${name}-ed25519`,
    fingerprint: `SHA256:SIMULATED-SECRET-FINGERPRINT-${index + 1}`,
    algorithm: 'ssh-ed25519',
    comment: `SIMULATED-SECRET-USER-${index + 1}@mac.local`,
    publicKey: `ssh-ed25519 SIMULATED-SECRET-KEY-${index + 1}`,
    active: true,
    createdAt: formatInstant(worldStartMs - (30 + index) * EPOCH_MS + 808),
  }));
}

/** Who owns the key; the mail address is recognisable text that may not reach the database. */
export function userView(seed: string): unknown {
  return {
    id: new Random(`${seed}:fluence:user`).uuid(),
    email: 'SIMULATED-SECRET-MAIL-FLUENCE@example.com',
    permissions: ['vms:read'],
  };
}
