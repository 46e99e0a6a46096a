/**
 * GET /vms/v2 (seed 003; contract 4.3): the active virtual machines, one plain array. A record is
 * one machine with counters that only grow: `totalSpent` counts every epoch (24 hours) begun, in
 * micro-USDC, and cannot be read for the past, so each look at it is kept. A machine leaves the
 * list once its deletion is done; what it was charged after the last look is never told.
 */
import * as z from 'zod';
import type { Stream } from '../stream.ts';
import { datacenterPlace, instant, microUsdc, resourceQuantity } from './wire.ts';

const resource = z.looseObject({ type: z.string(), quantity: resourceQuantity.nullish() });

const vm = z.looseObject({
  id: z.string().regex(/^0x[0-9a-fA-F]{40}$/, 'not the address of a machine'),
  vmName: z.string().nullish(),
  status: z.string().nullish(),
  pricePerEpoch: microUsdc,
  totalSpent: microUsdc,
  reservedBalance: microUsdc.nullish(),
  createdAt: instant,
  nextBillingAt: instant,
  resources: z.array(resource).nullish(),
  datacenter: datacenterPlace.nullish(),
  osImage: z.unknown().optional(),
  publicIp: z.unknown().optional(),
  ports: z.unknown().optional(),
});

export const vms = {
  id: 'fluence.vms',
  description:
    'Active virtual machines with their cumulative spend; a machine that is gone is not reported any more.',
  slices: { kind: 'whole' },
  operation: 'GET /vms/v2',
  request: () => ({ path: '/vms/v2' }),
  pagination: { kind: 'unpaged' },
  entities: [
    {
      name: 'fluence.vm',
      records: { shape: 'array', path: [] },
      key: [['id']],
      keyCase: 'lower',
      schema: vm,
      absence: 'gone',
      vendorFields: [
        'status',
        'resources[].type',
        'resources[].metadata.model',
        'resources[].details.model',
        'datacenter.countryCode',
        'datacenter.cityCode',
        'datacenter.cityIndex',
      ],
      moneyFields: ['pricePerEpoch', 'totalSpent', 'reservedBalance'],
    },
  ],
  // Epochs begin at minutes nobody promises: within the hour after one, its charge is seen.
  // Within minutes of the boundaries that the documents show (17:55 and 17:59:55), and hourly besides.
  schedule: '5,58 * * * *',
  staleAfterHours: 3,
  retellsHours: 24, // one epoch: a machine that came and went within a longer gap leaves nothing
} satisfies Stream;
