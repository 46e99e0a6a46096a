/**
 * GET /v3/flexMetal/quota/usage (document section 3.5). One record is one location with the quota
 * and use of each instance type, on demand or committed, at this moment. Nothing tells the past.
 */
import * as z from 'zod';
import type { Stream } from '../../stream.ts';
import { named, serverCount } from '../wire.ts';

export const quota = {
  id: 'flexmetal.quota',
  description:
    "One location's quota and use per instance type at this moment; the past is not reported.",
  slices: { kind: 'whole' },
  operation: 'GET /v3/flexMetal/quota/usage',
  request: () => ({ path: '/v3/flexMetal/quota/usage' }),
  pagination: { kind: 'unpaged' },
  entities: [
    {
      name: 'flexmetal.quota',
      records: { shape: 'array', path: [] },
      key: [['location', 'id']],
      absence: 'gone',
      vendorFields: [
        'location.id',
        'location.name',
        'quotaUsage[].instanceType.id',
        'quotaUsage[].instanceType.name',
        'quotaUsage[].quotaType',
      ],
      schema: z.looseObject({
        location: named,
        quotaUsage: z.array(
          z.looseObject({
            instanceType: named,
            quotaType: z.string(),
            /** Empty for on-demand quota. */
            contractId: z.string().nullish(),
            quota: serverCount,
            usage: serverCount,
          }),
        ),
      }),
    },
  ],
  schedule: '4 * * * *',
  staleAfterHours: 3,
} as const satisfies Stream;
