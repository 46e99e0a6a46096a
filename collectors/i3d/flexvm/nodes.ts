/**
 * GET /v3/flexVM/clouds/{cloudUuid}/nodes (document section 2.3). One record is one host of a cloud
 * as it is now; it carries no instants, so its life is known from these listings alone. 404: the
 * cloud was deleted, and its nodes with it.
 */
import * as z from 'zod';
import type { Stream } from '../../stream.ts';
import { identifier, RECORDS_PER_PAGE_MAX } from '../wire.ts';
import { cloudSchema } from './cloud-schema.ts';

export const nodes = {
  id: 'flexvm.nodes',
  description: 'One host of a FlexVM cloud as it is now; it vanishes when it is removed.',
  slices: { kind: 'per-record', entity: 'flexvm.cloud', listedBy: 'flexvm.clouds' },
  operation: 'GET /v3/flexVM/clouds/{cloudUuid}/nodes',
  request: ({ name }) => ({ path: `/v3/flexVM/clouds/${encodeURIComponent(name)}/nodes` }),
  pagination: { kind: 'ranged-data', recordsPerPage: RECORDS_PER_PAGE_MAX },
  entities: [
    {
      name: 'flexvm.node',
      records: { shape: 'array', path: [] },
      key: [['id']],
      absence: 'gone',
      vendorFields: ['status', 'cloud.site', 'cloud.instance_type'],
      schema: z.looseObject({
        id: identifier,
        name: z.string().nullish(),
        serial: z.string().nullish(),
        status: z.string(),
        cloud: cloudSchema.nullish(),
      }),
    },
  ],
  schedule: '7 */6 * * *',
  staleAfterHours: 13,
  tolerated: { 404: 'absent' },
} as const satisfies Stream;
