/**
 * GET /v1/products?location={pod} (seed, "Get product catalog"; public). One record per hardware
 * SKU of the pod with what it is sold as, and one with all add-ons of the pod. Prices may change
 * any time and hold from then on; the vendor keeps no history. Prices are read from the integer mils
 * (1/1000 USD), the only exact ones.
 */
import * as z from 'zod';
import type { Stream } from '../stream.ts';
import { count, decimal, milsPerHour, text, unread } from './wire-fields.ts';

const product = z.looseObject({
  name: text.nullish(),
  add_on_code: text.nullish(),
  type: text.nullish(),
  hourly_cost_mils: milsPerHour,
  hourly_cost_ltu_mils: milsPerHour.nullish(),
  '30_day_cost_mils': decimal.nullish(),
});

const hardware = z.looseObject({
  id: decimal.nullish(),
  name: text.nullish(),
  model: text.nullish(),
  display_name: text.nullish(),
  variant_label: text.nullish(),
  network: unread,
  storage: unread,
  locations: unread,
  processor: z.looseObject({ raw_threads: count.nullish() }).nullish(),
  ram: z.looseObject({ raw: count.nullish() }).nullish(),
  gpu: unread,
  products: z.array(product),
});

/** `other` is untyped in the vendor's own schema: kept, not read. */
const addons = z.looseObject({
  memory: z.array(product).nullish(),
  storage: z.array(product).nullish(),
  ip_block: z.array(product).nullish(),
  other: unread,
});

export const products = {
  id: 'openmetal.products',
  description: 'What one pod sells: a record per hardware SKU, and one with the add-ons.',
  slices: { kind: 'per-record', entity: 'openmetal.location', listedBy: 'openmetal.locations' },
  operation: 'GET /v1/products',
  request: (slice) => ({ path: '/v1/products', query: { location: slice.name } }),
  pagination: { kind: 'unpaged' },
  entities: [
    {
      name: 'openmetal.hardware',
      records: { shape: 'map', path: ['hardware'] },
      key: [],
      schema: hardware,
      absence: 'gone',
      vendorFields: [
        '{}',
        'id',
        'name',
        'model',
        'display_name',
        'variant_label',
        'products[].name',
        'products[].add_on_code',
        'products[].type',
      ],
      moneyFields: [
        'products[].hourly_cost_mils',
        'products[].hourly_cost_ltu_mils',
        'products[].30_day_cost_mils',
      ],
      omit: ['createdAt', 'updatedAt', 'publishedAt'],
    },
    {
      name: 'openmetal.addons',
      records: { shape: 'object', path: ['addons'] },
      key: [],
      schema: addons,
      absence: 'gone',
      vendorFields: [
        'memory[].name',
        'memory[].add_on_code',
        'memory[].type',
        'storage[].name',
        'storage[].add_on_code',
        'storage[].type',
        'ip_block[].name',
        'ip_block[].add_on_code',
        'ip_block[].type',
      ],
      moneyFields: [
        'memory[].hourly_cost_mils',
        'memory[].hourly_cost_ltu_mils',
        'memory[].30_day_cost_mils',
        'storage[].hourly_cost_mils',
        'storage[].hourly_cost_ltu_mils',
        'storage[].30_day_cost_mils',
        'ip_block[].hourly_cost_mils',
        'ip_block[].hourly_cost_ltu_mils',
        'ip_block[].30_day_cost_mils',
      ],
    },
  ],
  schedule: '30 0 * * *',
  staleAfterHours: 49,
  isPublic: true,
} satisfies Stream;
