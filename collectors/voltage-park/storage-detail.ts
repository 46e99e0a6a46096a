/**
 * GET /api/v1/storage/{storage_id} (document section 2.8). The record is one volume with how many
 * of its bytes are used, which the list does not tell; billing follows the size, not the use. 404:
 * the volume was terminated since it was listed.
 */
import * as z from 'zod';
import type { Stream } from '../stream.ts';
import { identifier, SECRET_FIELDS, sizeGb } from './wire.ts';

export const storageDetail = {
  id: 'voltage_park.storage_detail',
  description: 'One shared storage volume with the bytes in use; it changes as data is written.',
  slices: {
    kind: 'per-record',
    entity: 'voltage_park.storage_volume',
    listedBy: 'voltage_park.storage',
  },
  operation: 'GET /api/v1/storage/{storage_id}',
  request: (slice) => ({ path: `/api/v1/storage/${encodeURIComponent(slice.name)}` }),
  pagination: { kind: 'unpaged' },
  entities: [
    {
      name: 'voltage_park.storage_volume_detail',
      records: { shape: 'object', path: [] },
      key: [],
      absence: 'gone',
      schema: z.looseObject({
        id: identifier,
        size_in_gb: sizeGb,
        used_capacity_bytes: z.int().nonnegative().nullish(),
      }),
      // What the list tells already, under its own versions.
      omit: ['name', 'status', 'rate_hourly', 'order_ids', 'tenant_id', 'vip'],
    },
  ],
  schedule: '4 * * * *',
  staleAfterHours: 3,
  tolerated: { 404: 'absent' },
  redactedFields: SECRET_FIELDS,
} as const satisfies Stream;
