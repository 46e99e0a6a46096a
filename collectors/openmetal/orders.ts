/**
 * GET /v1/orders (seed, "Get a list of orders"). One record is one order; it outlives the clouds it
 * made. Its provisioning states change for hours after it was placed; it has no price.
 */
import * as z from 'zod';
import type { Stream } from '../stream.ts';
import { count, hashId, instant, text, unread } from './wire-fields.ts';

/** The seed names the state `provisioning_status`, OpenMetal's own schema `provision_status`. */
const deployedClouds = z
  .array(
    z.looseObject({
      id: hashId,
      provision_status: text.nullish(),
      provisioning_status: text.nullish(),
    }),
  )
  .nullish();

const item = z.looseObject({
  hardware_sku: text.nullish(),
  location: text.nullish(),
  type: text.nullish(),
  quantity: count.nullish(),
  cloud_id: text.nullish(),
});

const order = z.looseObject({
  id: hashId,
  type: text.nullish(),
  label: text.nullish(),
  description: text.nullish(),
  created_at: instant.nullish(),
  updated_at: instant.nullish(),
  is_active: z.boolean().nullish(),
  fields: z
    .looseObject({
      items: z.array(item).nullish(),
      organization_id: text.nullish(),
      clouds_deployed: deployedClouds,
    })
    .nullish(),
  clouds_deployed: deployedClouds,
  relation: unread,
});

export const orders = {
  id: 'openmetal.orders',
  description: 'One record per order, kept for good; its provisioning states change for hours.',
  slices: { kind: 'whole' },
  operation: 'GET /v1/orders',
  request: () => ({ path: '/v1/orders' }),
  pagination: { kind: 'unpaged' },
  entities: [
    {
      name: 'openmetal.order',
      records: { shape: 'array', path: [] },
      key: [['id']],
      schema: order,
      absence: 'gone',
      vendorFields: [
        'type',
        'fields.items[].hardware_sku',
        'fields.items[].location',
        'fields.items[].type',
        'fields.clouds_deployed[].provision_status',
        'fields.clouds_deployed[].provisioning_status',
        'clouds_deployed[].provision_status',
        'clouds_deployed[].provisioning_status',
      ],
    },
  ],
  schedule: '15 1 * * *',
  staleAfterHours: 49,
  redactedFields: [
    'public_key',
    'public_keys',
    'public_key_ids',
    'key_data',
    'cloud_init',
    'created_by',
    'display_name',
    'email',
    'members',
  ],
} satisfies Stream;
