/**
 * POST /marketplace/offers with an empty filter (contract 4.3): the only price list. A record is
 * what one basic configuration costs per epoch (24 hours) in one datacenter, in decimal USDC, and
 * how many of it the servers there could still take. Prices and stock may change at any time and
 * are told for the present only.
 */
import * as z from 'zod';
import type { Stream } from '../stream.ts';
import { datacenterPlace, decimalUsdc } from './wire.ts';

const offer = z.looseObject({
  configuration: z.looseObject({ slug: z.string().min(1), price: decimalUsdc }),
  datacenter: datacenterPlace,
  servers: z
    .array(z.looseObject({ availableBasicInstances: z.int().nonnegative().nullish() }))
    .nullish(),
  resources: z.unknown().optional(),
  maxAdditionalSupply: z.unknown().optional(),
});

export const marketplaceOffers = {
  id: 'fluence.marketplace_offers',
  description: 'List price and stock of each basic configuration per datacenter, as of now.',
  slices: { kind: 'whole' },
  operation: 'POST /marketplace/offers',
  request: () => ({ method: 'POST', path: '/marketplace/offers', body: '{}' }),
  pagination: { kind: 'unpaged' },
  entities: [
    {
      name: 'fluence.offer',
      records: { shape: 'array', path: [] },
      // The documents of this generation show no id in an offer's datacenter.
      key: [
        ['configuration', 'slug'],
        ['datacenter', 'countryCode'],
        ['datacenter', 'cityCode'],
        ['datacenter', 'cityIndex'],
      ],
      keyCase: 'lower',
      schema: offer,
      absence: 'gone',
      vendorFields: [
        'configuration.slug',
        'datacenter.countryCode',
        'datacenter.cityCode',
        'datacenter.cityIndex',
      ],
      moneyFields: ['configuration.price'],
    },
  ],
  schedule: '25 4 * * *',
  staleAfterHours: 50,
} satisfies Stream;
