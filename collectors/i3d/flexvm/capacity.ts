/**
 * GET /v3/flexVM/reports/capacity (document section 2.3). The record is what all clouds of the
 * tenant can hold and do hold at this moment. Nothing tells the past.
 */
import * as z from 'zod';
import type { Stream } from '../../stream.ts';
import { capacityFields } from './capacity-schema.ts';

export const capacity = {
  id: 'flexvm.capacity',
  description: 'What all FlexVM clouds hold at this moment; the past is not reported.',
  slices: { kind: 'whole' },
  operation: 'GET /v3/flexVM/reports/capacity',
  request: () => ({ path: '/v3/flexVM/reports/capacity' }),
  pagination: { kind: 'unpaged' },
  entities: [
    {
      name: 'flexvm.capacity',
      records: { shape: 'object', path: [] },
      key: [],
      absence: 'gone',
      vendorFields: ['node_groups[].instance_type', 'resources.pci_devices[].type'],
      schema: z.looseObject(capacityFields),
    },
  ],
  schedule: '8 * * * *',
  staleAfterHours: 3,
} as const satisfies Stream;
