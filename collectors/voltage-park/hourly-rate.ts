/**
 * GET /api/v1/billing/hourly-rate (document section 2.5). The record is what everything active in
 * the organisation costs per hour at this instant; nothing about the past.
 */
import * as z from 'zod';
import type { Stream } from '../stream.ts';
import { decimal } from './wire.ts';

export const hourlyRate = {
  id: 'voltage_park.hourly_rate',
  description: 'The combined hourly rate of everything active in the organisation at this instant.',
  slices: { kind: 'whole' },
  operation: 'GET /api/v1/billing/hourly-rate',
  request: () => ({ path: '/api/v1/billing/hourly-rate' }),
  pagination: { kind: 'unpaged' },
  entities: [
    {
      name: 'voltage_park.hourly_rate',
      records: { shape: 'object', path: [] },
      key: [],
      absence: 'gone',
      moneyFields: ['rate_hourly'],
      schema: z.looseObject({ rate_hourly: decimal }),
    },
  ],
  schedule: '6 * * * *',
  staleAfterHours: 3,
} as const satisfies Stream;
