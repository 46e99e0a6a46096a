/**
 * GET /v1/prefixes (seed, "Get a list of IP Address Blocks"). One record is one IP block; a routed
 * block that a user made is billed on the cloud it names. It leaves the list when it is deleted.
 */
import * as z from 'zod';
import type { Stream } from '../stream.ts';
import { billingInstant, count, hashId, instant, text } from './wire-fields.ts';

const prefix = z.looseObject({
  id: hashId,
  type: text.nullish(),
  label: text.nullish(),
  description: text.nullish(),
  created_at: billingInstant.nullish(),
  updated_at: instant.nullish(),
  is_active: z.boolean().nullish(),
  fields: z
    .looseObject({
      created_from: text.nullish(),
      prefix_type: text.nullish(),
      product_addon: text.nullish(),
      cloud_id: text.nullish(),
      cidr: text.nullish(),
      length: count.nullish(),
      pod_location: text.nullish(),
    })
    .nullish(),
});

export const prefixes = {
  id: 'openmetal.prefixes',
  description: 'One record per IP block, with the add-on code under which it is billed.',
  slices: { kind: 'whole' },
  operation: 'GET /v1/prefixes',
  request: () => ({ path: '/v1/prefixes' }),
  pagination: { kind: 'unpaged' },
  entities: [
    {
      name: 'openmetal.prefix',
      records: { shape: 'array', path: [] },
      key: [['id']],
      schema: prefix,
      absence: 'gone',
      vendorFields: [
        'type',
        'fields.created_from',
        'fields.prefix_type',
        'fields.product_addon',
        'fields.pod_location',
      ],
    },
  ],
  schedule: '20 1 * * *',
  staleAfterHours: 49,
  redactedFields: ['created_by', 'email', 'members'],
} satisfies Stream;
