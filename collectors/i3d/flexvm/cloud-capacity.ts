/**
 * GET /v3/flexVM/capacity (document section 2.3). One record is what one cloud can hold and does
 * hold at this moment. Nothing tells the past.
 */
import * as z from 'zod';
import type { Stream } from '../../stream.ts';
import { RECORDS_PER_PAGE_MAX } from '../wire.ts';
import { capacityFields } from './capacity-schema.ts';
import { cloudSchema } from './cloud-schema.ts';

export const cloudCapacity = {
  id: 'flexvm.cloud_capacity',
  description: 'What one FlexVM cloud holds at this moment; the past is not reported.',
  slices: { kind: 'whole' },
  operation: 'GET /v3/flexVM/capacity',
  request: () => ({ path: '/v3/flexVM/capacity' }),
  pagination: { kind: 'ranged-data', recordsPerPage: RECORDS_PER_PAGE_MAX },
  entities: [
    {
      name: 'flexvm.cloud_capacity',
      records: { shape: 'array', path: [] },
      key: [['id']],
      absence: 'gone',
      vendorFields: [
        'site',
        'instance_type',
        'node_groups[].instance_type',
        'resources.pci_devices[].type',
      ],
      schema: z.looseObject({ ...cloudSchema.shape, ...capacityFields }),
    },
  ],
  schedule: '9 * * * *',
  staleAfterHours: 3,
} as const satisfies Stream;
