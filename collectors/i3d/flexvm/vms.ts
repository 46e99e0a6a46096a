/**
 * GET /v3/flexVM/clouds/{cloudUuid}/vms (document section 2.3), never with `status`. One record is
 * one virtual machine as it is now. How long a deleted one stays listed is not documented. 404: the
 * cloud was deleted, and its VMs with it.
 */
import * as z from 'zod';
import type { Stream } from '../../stream.ts';
import {
  identifier,
  instantOrUnixSeconds,
  RECORDS_PER_PAGE_MAX,
  REDACTED_FIELDS,
  tags,
} from '../wire.ts';
import { cloudSchema } from './cloud-schema.ts';
import { instanceTypeSchema } from './instance-types.ts';

export const vms = {
  id: 'flexvm.vms',
  description: 'One virtual machine as it is now; a deleted one may vanish at once.',
  slices: { kind: 'per-record', entity: 'flexvm.cloud', listedBy: 'flexvm.clouds' },
  operation: 'GET /v3/flexVM/clouds/{cloudUuid}/vms',
  request: ({ name }) => ({ path: `/v3/flexVM/clouds/${encodeURIComponent(name)}/vms` }),
  pagination: { kind: 'ranged-data', recordsPerPage: RECORDS_PER_PAGE_MAX },
  entities: [
    {
      name: 'flexvm.vm',
      records: { shape: 'array', path: [] },
      key: [['id']],
      absence: 'gone',
      vendorFields: [
        'status',
        'instance_type.id',
        'instance_type.name',
        'instance_type.pciDevices[].type',
        'instance_type.pciDevices[].spec',
        'image.name',
        'cloud.site',
        'cloud.instance_type',
      ],
      schema: z.looseObject({
        id: identifier,
        name: z.string().nullish(),
        description: z.string().nullish(),
        instance_type: instanceTypeSchema,
        image: z.looseObject({ name: z.string().nullish() }).nullish(),
        status: z.string(),
        ips: z.array(z.unknown()).nullish(),
        cloud: cloudSchema,
        node: z.looseObject({ id: identifier }).nullish(),
        tags,
        // The specification has created_at, the official client reads createdAt.
        created_at: instantOrUnixSeconds.nullish(),
        createdAt: instantOrUnixSeconds.nullish(),
        deleted_at: instantOrUnixSeconds.nullish(),
        deletedAt: instantOrUnixSeconds.nullish(),
      }),
    },
  ],
  schedule: '3 * * * *',
  staleAfterHours: 3,
  tolerated: { 404: 'absent' },
  redactedFields: REDACTED_FIELDS,
} as const satisfies Stream;
