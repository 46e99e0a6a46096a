/**
 * GET /v1/accounts/profile (OpenMetal's own OpenAPI file; later than the seed). One record is one
 * organisation that the key can read: whose clouds, and whose bills, these are. The profile around
 * the list is a person's and is not landed.
 */
import * as z from 'zod';
import type { Stream } from '../stream.ts';
import { text, unread } from './wire-fields.ts';

const organization = z.looseObject({
  uuid: z.string().min(1),
  /** The hash id that clouds name as `fields.organization_id`; a number in the vendor's own prose. */
  account_id: unread,
  type: text.nullish(),
  role: text.nullish(),
  is_imcloud: z.boolean().nullish(),
});

export const organizations = {
  id: 'openmetal.organizations',
  description: 'One record per organisation that the key can read.',
  slices: { kind: 'whole' },
  operation: 'GET /v1/accounts/profile',
  request: () => ({ path: '/v1/accounts/profile' }),
  pagination: { kind: 'unpaged' },
  entities: [
    {
      name: 'openmetal.organization',
      records: { shape: 'array', path: ['account_access'] },
      key: [['uuid']],
      keyCase: 'lower',
      schema: organization,
      absence: 'gone',
      vendorFields: ['type', 'role'],
    },
  ],
  schedule: '40 1 * * *',
  staleAfterHours: 49,
  tolerated: { 403: 'denied', 404: 'absent' },
  redactedFields: [
    'email',
    'username',
    'account_name',
    'display_name',
    'first_name',
    'last_name',
    'image',
    'options',
  ],
} satisfies Stream;
