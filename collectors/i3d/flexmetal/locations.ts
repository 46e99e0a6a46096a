/** GET /v3/flexMetal/location (document section 3.6). One record is one data centre. */
import * as z from 'zod';
import type { Stream } from '../../stream.ts';
import { identifier } from '../wire.ts';

export const locations = {
  id: 'flexmetal.locations',
  description: 'One data centre in which FlexMetal servers can be had; it changes rarely.',
  slices: { kind: 'whole' },
  operation: 'GET /v3/flexMetal/location',
  request: () => ({ path: '/v3/flexMetal/location' }),
  pagination: { kind: 'unpaged' },
  entities: [
    {
      name: 'flexmetal.location',
      records: { shape: 'array', path: [] },
      key: [['id']],
      absence: 'gone',
      vendorFields: [
        'id',
        'name',
        'shortName',
        'displayName',
        'countryId',
        'countryName',
        'countryShortName',
      ],
      schema: z.looseObject({
        id: z.int().nonnegative(),
        name: identifier,
        shortName: z.string().nullish(),
        displayName: z.string().nullish(),
        countryId: z.int().nullish(),
        countryName: z.string().nullish(),
        countryShortName: z.string().nullish(),
      }),
    },
  ],
  schedule: '40 3 * * *',
  staleAfterHours: 50,
} as const satisfies Stream;
