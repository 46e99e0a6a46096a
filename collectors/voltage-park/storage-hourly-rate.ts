/**
 * GET /api/v1/storage/hourly-rate (document section 2.9). The record is the list price of storage.
 * The documents' example contradicts itself (per GB or per 100 GB), so it is compared with what
 * volumes cost and prices nothing.
 */
import * as z from 'zod';
import type { Stream } from '../stream.ts';
import { usdPerHour } from './wire.ts';

export const storageHourlyRate = {
  id: 'voltage_park.storage_hourly_rate',
  description: 'The list price of shared storage per GB and hour at this instant.',
  slices: { kind: 'whole' },
  operation: 'GET /api/v1/storage/hourly-rate',
  request: () => ({ path: '/api/v1/storage/hourly-rate' }),
  pagination: { kind: 'unpaged' },
  entities: [
    {
      name: 'voltage_park.storage_hourly_rate',
      records: { shape: 'object', path: [] },
      key: [],
      absence: 'gone',
      moneyFields: ['hourly_rate_per_gb'],
      schema: z.looseObject({ hourly_rate_per_gb: usdPerHour }),
    },
  ],
  schedule: '7 * * * *',
  staleAfterHours: 3,
} as const satisfies Stream;
