/** A simulated Fluence account under test, asked as a client would ask it. */
import { nano } from '../../../simulator/decimal.ts';
import { SimulatedFluence } from '../../../simulator/fluence/fluence.ts';
import type { SimulatedResponse, WorldOptions } from '../../../simulator/provider.ts';
import { VirtualClock } from '../../../simulator/virtual-clock.ts';

export const HOUR_MS = 3600 * 1000;
export const START_MS = Date.parse('2025-09-01T00:00:00Z');
export const END_MS = START_MS + 90 * 24 * HOUR_MS;

/** The example object of the customer's document. */
export const DOCUMENT_EXAMPLE = {
  id: '0x0000000000000000000000000000000000000001',
  vmName: 'vm-name',
  status: 'ACTIVE',
  pricePerEpoch: 298160,
  resources: [
    {
      type: 'VCPU',
      quantity: 2,
      details: { model: '7702p' },
      metadata: { architecture: 'Zen', brand: 'EPYC', generation: '2', manufacturer: 'AMD' },
    },
  ],
  createdAt: '+002025-04-01T16:50:57.000000000Z',
  nextBillingAt: '+002025-04-16T17:59:55.000000000Z',
  osImage: 'https://cloud-images.ubuntu.com/releases/22.04/release/ubuntu.img',
  datacenter: {
    id: '0x0000000000000000000000000000000000000000000000000000000000000005',
    countryCode: 'FR',
    cityCode: 'PAR',
    cityIndex: 1,
    tier: 4,
    certifications: ['PCI DSS', 'ISO 9001:2015', 'ISO/IEC 27001:2022'],
  },
  publicIp: '154.42.3.159',
  ports: [{ port: 22, protocol: 'tcp' }],
  reservedBalance: '359440',
  totalSpent: '17846000',
};

export type Vm = typeof DOCUMENT_EXAMPLE;

export class Account {
  readonly clock = new VirtualClock(START_MS);
  readonly provider: SimulatedFluence;

  constructor(
    seed = 'seed',
    scale = 1,
    faulty: Pick<WorldOptions, 'worldFaults' | 'overbilling' | 'readings'> = {},
  ) {
    const size = { startMs: START_MS, endMs: END_MS, scale };
    const options = { seed, ...size, clock: this.clock, ...faulty };
    this.provider = new SimulatedFluence(options, { apiKey: 'key' });
  }

  call(method: string, path: string, body = '', apiKey = 'key'): SimulatedResponse {
    const query = new URLSearchParams();
    return this.provider.handle({ method, path, query, headers: { 'x-api-key': apiKey }, body });
  }

  vms(): Vm[] {
    return JSON.parse(this.call('GET', '/vms/v2').body);
  }

  spentMicroByInvoice(vmId: string): bigint {
    return this.provider
      .invoice()
      .filter((line) => line.resourceId === vmId)
      .reduce((sum, line) => sum + nano(line.amount) / 1000n, 0n);
  }
}
