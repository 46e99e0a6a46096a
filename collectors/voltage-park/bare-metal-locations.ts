/**
 * GET /api/v1/bare-metal/locations (document section 2.9). One record is a location's bare-metal
 * stock and its price per GPU and hour now. The answer has a listing's envelope and no paging.
 */
import * as z from 'zod';
import type { Stream } from '../stream.ts';
import { count, identifier, nodeSpecs, usdPerHour } from './wire.ts';

export const bareMetalLocations = {
  id: 'voltage_park.bare_metal_locations',
  description: 'Bare-metal stock and price per GPU and hour of one location at this instant.',
  slices: { kind: 'whole' },
  operation: 'GET /api/v1/bare-metal/locations',
  request: () => ({ path: '/api/v1/bare-metal/locations' }),
  pagination: { kind: 'unpaged' },
  entities: [
    {
      name: 'voltage_park.bare_metal_location',
      records: { shape: 'array', path: ['results'] },
      key: [['id']],
      absence: 'gone',
      vendorFields: ['specs_per_node.gpu_model', 'specs_per_node.cpu_model'],
      moneyFields: ['gpu_price_ethernet', 'gpu_price_infiniband'],
      schema: z.looseObject({
        id: identifier,
        gpu_count_ethernet: count.nullish(),
        gpu_price_ethernet: usdPerHour.nullish(),
        gpu_count_infiniband: count.nullish(),
        gpu_price_infiniband: usdPerHour.nullish(),
        reserved_gpu_count_infiniband_cluster_one: count.nullish(),
        reserved_gpu_count_infiniband_cluster_two: count.nullish(),
        specs_per_node: nodeSpecs.nullish(),
      }),
    },
  ],
  schedule: '35 3 * * *',
  staleAfterHours: 50,
  isPublic: true,
} as const satisfies Stream;
