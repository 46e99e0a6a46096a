/**
 * GET /v1/clouds (seed, "Get a list of clouds"). One record is one cloud of any organisation that
 * the key can see. Label and description change at will; a deleted cloud shows `pending_delete`
 * for three days, then leaves the list.
 */
import * as z from 'zod';
import type { Stream } from '../stream.ts';
import { hashId, instant, text } from './wire-fields.ts';

const cloud = z.looseObject({
  id: hashId,
  label: text.nullish(),
  description: text.nullish(),
  created_at: instant.nullish(),
  fields: z
    .looseObject({
      cloud_type: text.nullish(),
      cloud_uuid: text.nullish(),
      organization_id: text.nullish(),
      order_id: text.nullish(),
      pod_location: text.nullish(),
      provision_status: text.nullish(),
      provision_completion_time: instant.nullish(),
      pending_delete: z.boolean().nullish(),
    })
    .nullish(),
});

export const clouds = {
  id: 'openmetal.clouds',
  description: 'One record per cloud; it leaves the list three days after its deletion.',
  slices: { kind: 'whole' },
  operation: 'GET /v1/clouds',
  request: () => ({ path: '/v1/clouds' }),
  pagination: { kind: 'unpaged' },
  entities: [
    {
      name: 'openmetal.cloud',
      records: { shape: 'array', path: [] },
      key: [['id']],
      schema: cloud,
      absence: 'gone',
      vendorFields: ['fields.cloud_type', 'fields.pod_location', 'fields.provision_status'],
    },
  ],
  schedule: '0 * * * *',
  staleAfterHours: 3,
  redactedFields: ['hostname', 'owner_name', 'created_by', 'email', 'members'],
} satisfies Stream;
