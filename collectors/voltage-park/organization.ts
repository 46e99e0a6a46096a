/**
 * GET /api/v1/organization/ (document section 2.5). A token belongs to one organisation: its id is the
 * provider's own identity of the customer, and the same under every token of that customer. Contact
 * addresses are not kept.
 */
import * as z from 'zod';
import type { Stream } from '../stream.ts';
import { identifier } from './wire.ts';

export const organization = {
  id: 'voltage_park.organization',
  description: 'The organisation that the token belongs to: its id names the customer for good.',
  slices: { kind: 'whole' },
  operation: 'GET /api/v1/organization/',
  request: () => ({ path: '/api/v1/organization/' }),
  pagination: { kind: 'unpaged' },
  entities: [
    {
      name: 'voltage_park.organization',
      records: { shape: 'object', path: [] },
      key: [],
      absence: 'gone',
      schema: z.looseObject({
        id: identifier,
        name: z.string().nullish(),
        low_balance_emails_enabled: z.boolean().nullish(),
      }),
    },
  ],
  schedule: '1 */6 * * *',
  staleAfterHours: 25,
  redactedFields: ['billing_notification_target_emails'],
} as const satisfies Stream;
