/**
 * GET /v1/users/me of the newer description (0.10): the user that the key belongs to. Its id is the
 * provider's own identity of the customer, and the same under every key of that user. An account of
 * the generation of the seed may answer 404: its machines are then all that tells two keys apart.
 * The address and what the key may do are not kept.
 */
import * as z from 'zod';
import type { Stream } from '../stream.ts';

export const user = {
  id: 'fluence.user',
  description: 'The user that the key belongs to: its id names the customer for good.',
  slices: { kind: 'whole' },
  operation: 'GET /v1/users/me',
  request: () => ({ path: '/v1/users/me' }),
  pagination: { kind: 'unpaged' },
  entities: [
    {
      name: 'fluence.user',
      records: { shape: 'object', path: [] },
      key: [],
      absence: 'gone',
      schema: z.looseObject({ id: z.string().min(1).max(100) }),
      omit: ['permissions'],
    },
  ],
  schedule: '40 */6 * * *',
  staleAfterHours: 25,
  tolerated: { 403: 'denied', 404: 'absent' },
  redactedFields: ['email'],
} as const satisfies Stream;
