/**
 * GET /v3/flexVM/instanceTypes (document section 2.3). One record is one size of virtual machine
 * with its passthrough devices. There are no prices.
 */
import * as z from 'zod';
import type { Stream } from '../../stream.ts';
import { count, identifier, RECORDS_PER_PAGE_MAX } from '../wire.ts';

/** A record of the catalogue, and embedded in every VM. */
export const instanceTypeSchema = z.looseObject({
  id: z.string().nullish(),
  name: identifier,
  vcpu: count.nullish(),
  /** MB. */
  memory: count.nullish(),
  /** GB, of the system disk. */
  disk: count.nullish(),
  pciDevices: z.array(z.looseObject({ type: z.string(), spec: z.string().nullish() })).nullish(),
});

export const instanceTypes = {
  id: 'flexvm.instance_types',
  description: 'One size of FlexVM virtual machine; it changes rarely.',
  slices: { kind: 'whole' },
  operation: 'GET /v3/flexVM/instanceTypes',
  request: () => ({ path: '/v3/flexVM/instanceTypes' }),
  pagination: { kind: 'ranged-data', recordsPerPage: RECORDS_PER_PAGE_MAX },
  entities: [
    {
      name: 'flexvm.instance_type',
      records: { shape: 'array', path: [] },
      key: [['name']],
      absence: 'gone',
      vendorFields: ['id', 'name', 'pciDevices[].type', 'pciDevices[].spec'],
      schema: instanceTypeSchema,
    },
  ],
  schedule: '44 3 * * *',
  staleAfterHours: 50,
} as const satisfies Stream;
