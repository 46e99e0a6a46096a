/**
 * GET /v2/inventory/locations (seed, "Get available locations"; public). One record is one
 * datacenter, named by its pod (`pod_1`); an open set that changes rarely.
 */
import * as z from 'zod';
import type { Stream } from '../stream.ts';
import { decimal, text } from './wire-fields.ts';

const location = z.looseObject({
  label: text.nullish(),
  displayName: text.nullish(),
  region: text.nullish(),
  code: text.nullish(),
  latitude: decimal.nullish(),
  longitude: decimal.nullish(),
  release_status: text.nullish(),
});

export const locations = {
  id: 'openmetal.locations',
  description: 'One record per datacenter, named by its pod.',
  slices: { kind: 'whole' },
  operation: 'GET /v2/inventory/locations',
  request: () => ({ path: '/v2/inventory/locations' }),
  pagination: { kind: 'unpaged' },
  entities: [
    {
      name: 'openmetal.location',
      records: { shape: 'map', path: ['locations'] },
      key: [],
      schema: location,
      absence: 'gone',
      vendorFields: ['{}', 'label', 'displayName', 'region', 'code', 'release_status'],
    },
  ],
  schedule: '25 0 * * *',
  staleAfterHours: 49,
  isPublic: true,
} satisfies Stream;
