/**
 * GET /v3/flexMetal/capacity/commit (document section 3.5). One record is one location with the
 * committed capacity per instance type and how much of it is in use at this moment.
 */
import * as z from 'zod';
import type { Stream } from '../../stream.ts';
import { named, serverCount } from '../wire.ts';

export const commitCapacity = {
  id: 'flexmetal.commit_capacity',
  description:
    "One location's committed capacity and its use at this moment; the past is not reported.",
  slices: { kind: 'whole' },
  operation: 'GET /v3/flexMetal/capacity/commit',
  request: () => ({ path: '/v3/flexMetal/capacity/commit' }),
  pagination: { kind: 'unpaged' },
  entities: [
    {
      name: 'flexmetal.commit_capacity',
      records: { shape: 'array', path: [] },
      key: [['location', 'id']],
      absence: 'gone',
      vendorFields: [
        'location.id',
        'location.name',
        'commits[].instanceType.id',
        'commits[].instanceType.name',
      ],
      schema: z.looseObject({
        location: named,
        commits: z.array(
          z.looseObject({ instanceType: named, capacity: serverCount, inUse: serverCount }),
        ),
      }),
    },
  ],
  schedule: '5 * * * *',
  staleAfterHours: 3,
} as const satisfies Stream;
