/**
 * GET /api/v1/storage/ (document section 2.8). One record is an owned shared volume as it is now;
 * a terminated one vanishes. It has no creation time. Size, and the rate with it, may change at any
 * time.
 */
import * as z from 'zod';
import type { Stream } from '../stream.ts';
import {
  INVENTORY_RECORDS_PER_PAGE,
  identifier,
  SECRET_FIELDS,
  sizeGb,
  usdPerHour,
} from './wire.ts';

export const storage = {
  id: 'voltage_park.storage',
  description:
    'One owned shared storage volume as it is now; it may be resized and vanishes when terminated.',
  slices: { kind: 'whole' },
  operation: 'GET /api/v1/storage/',
  request: () => ({ path: '/api/v1/storage/' }),
  pagination: { kind: 'limit-offset', recordsPerPage: INVENTORY_RECORDS_PER_PAGE },
  entities: [
    {
      name: 'voltage_park.storage_volume',
      records: { shape: 'array', path: ['results'] },
      key: [['id']],
      absence: 'gone',
      vendorFields: ['status'],
      moneyFields: ['rate_hourly'],
      schema: z.looseObject({
        id: identifier,
        size_in_gb: sizeGb,
        name: z.string().nullish(),
        status: z.string().nullish(),
        rate_hourly: usdPerHour,
        order_ids: z.array(z.string()).nullish(),
        tenant_id: z.union([z.string(), z.number()]).nullish(),
        vip: z.string().nullish(),
      }),
    },
  ],
  schedule: '3 * * * *',
  staleAfterHours: 3,
  redactedFields: SECRET_FIELDS,
} as const satisfies Stream;
