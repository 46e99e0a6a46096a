/** GET /v3/flexVM/clouds (document section 2.3). One record is one dedicated pool of hosts. */
import type { Stream } from '../../stream.ts';
import { RECORDS_PER_PAGE_MAX } from '../wire.ts';
import { cloudSchema } from './cloud-schema.ts';

export const clouds = {
  id: 'flexvm.clouds',
  description: 'One FlexVM cloud as it is now; clouds are made and deleted by the tenant.',
  slices: { kind: 'whole' },
  operation: 'GET /v3/flexVM/clouds',
  request: () => ({ path: '/v3/flexVM/clouds' }),
  pagination: { kind: 'ranged-data', recordsPerPage: RECORDS_PER_PAGE_MAX },
  entities: [
    {
      name: 'flexvm.cloud',
      records: { shape: 'array', path: [] },
      key: [['id']],
      absence: 'gone',
      vendorFields: ['site', 'instance_type'],
      schema: cloudSchema,
    },
  ],
  schedule: '1 */6 * * *',
  staleAfterHours: 13,
} as const satisfies Stream;
