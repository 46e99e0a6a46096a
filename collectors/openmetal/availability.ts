/**
 * GET /v2/inventory/{pod_location}/availability (seed, "Get inventory availability"; public). One
 * record is the free stock of one hardware SKU at the pod. The two scalars beside the SKUs are no
 * records.
 */
import * as z from 'zod';
import type { Stream } from '../stream.ts';
import { count } from './wire-fields.ts';

const stock = z.looseObject({ count, max_size: count.nullish() });

export const availability = {
  id: 'openmetal.availability',
  description: 'Free servers of one hardware SKU at one pod, as of the last look.',
  slices: { kind: 'per-record', entity: 'openmetal.location', listedBy: 'openmetal.locations' },
  operation: 'GET /v2/inventory/{pod_location}/availability',
  request: (slice) => ({ path: `/v2/inventory/${encodeURIComponent(slice.name)}/availability` }),
  pagination: { kind: 'unpaged' },
  entities: [
    {
      name: 'openmetal.availability',
      records: { shape: 'map', path: [] },
      key: [],
      schema: stock,
      absence: 'gone',
      vendorFields: ['{}'],
    },
  ],
  schedule: '35 * * * *',
  staleAfterHours: 3,
  isPublic: true,
} satisfies Stream;
