/**
 * GET /api/v1/locations/ (document section 2.9). One record is a location with those of its host
 * nodes that have something to rent now, and their unit prices: a fully rented host node is not
 * listed, so that where a machine stands is learnt from any listing that ever named its host node.
 */
import * as z from 'zod';
import type { Stream } from '../stream.ts';
import { identifier, machineResources, usdPerHour } from './wire.ts';

/** The largest page that the endpoint accepts (`limit`, seed). */
const LOCATIONS_PER_PAGE = 15;

const hostNode = z.looseObject({
  id: identifier,
  available_resources: machineResources.nullish(),
  pricing: z
    .looseObject({
      per_gpu_hr: z.record(z.string(), usdPerHour).nullish(),
      per_vcpu_hr: usdPerHour.nullish(),
      per_gb_ram_hr: usdPerHour.nullish(),
      per_gb_storage_hr: usdPerHour.nullish(),
    })
    .nullish(),
});

export const locations = {
  id: 'voltage_park.locations',
  description: 'One location and its host nodes with something to rent at this instant.',
  slices: { kind: 'whole' },
  operation: 'GET /api/v1/locations/',
  request: () => ({ path: '/api/v1/locations/' }),
  pagination: { kind: 'limit-offset', recordsPerPage: LOCATIONS_PER_PAGE },
  entities: [
    {
      name: 'voltage_park.location',
      records: { shape: 'array', path: ['results'] },
      key: [['id']],
      absence: 'gone',
      vendorFields: [
        'city',
        'region',
        'country',
        'hostnodes[].available_resources.gpus{}',
        'hostnodes[].pricing.per_gpu_hr{}',
      ],
      moneyFields: [
        'hostnodes[].pricing.per_gpu_hr{}',
        'hostnodes[].pricing.per_vcpu_hr',
        'hostnodes[].pricing.per_gb_ram_hr',
        'hostnodes[].pricing.per_gb_storage_hr',
      ],
      schema: z.looseObject({
        id: identifier,
        city: z.string().nullish(),
        region: z.string().nullish(),
        country: z.string().nullish(),
        hostnodes: z.array(hostNode),
      }),
    },
  ],
  schedule: '37 3 * * *',
  staleAfterHours: 50,
} as const satisfies Stream;
