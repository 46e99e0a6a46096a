/**
 * GET /v1/clouds/{cloudId}/stats (seed, "Get cloud stats"). One record for the cloud's state, one
 * per node that belongs to it now. A removed node leaves at once and never comes back in this
 * answer. Its dates have no zone: UTC.
 */
import * as z from 'zod';
import type { Stream } from '../stream.ts';
import { count, naiveBillingInstant, naiveInstant, text, unread } from './wire-fields.ts';

const stats = z.looseObject({
  name: text.nullish(),
  label: text.nullish(),
  description: text.nullish(),
  cloud_uuid: text.nullish(),
  cloud_state: text.nullish(),
  maintenance: z.boolean().nullish(),
  creation_date: naiveInstant.nullish(),
  pending_number: z.number().nullish(),
  pending_tasks: z.array(z.unknown()).nullish(),
  pending_date: naiveInstant.nullish(),
  prevent_delete: z.boolean().nullish(),
});

const node = z.looseObject({
  uuid: z.string().min(1),
  state: text.nullish(),
  power_state: text.nullish(),
  hostname: text.nullish(),
  type: text.nullish(),
  cpu: count.nullish(),
  memory: text.nullish(),
  rack: text.nullish(),
  chassis: text.nullish(),
  disks: z.array(z.unknown()).nullish(),
  labels: z.array(z.unknown()).nullish(),
  kolla_services: unread,
  ceph_services: unread,
  maintenance: z.boolean().nullish(),
  creation_date: naiveInstant.nullish(),
  assigned_date: naiveBillingInstant,
  properties: z
    .looseObject({ memory: z.looseObject({ physical_mb: count.nullish() }).nullish() })
    .nullish(),
});

export const cloudStats = {
  id: 'openmetal.stats',
  description: 'The state of one cloud and its nodes of now; a removed node leaves at once.',
  slices: { kind: 'per-record', entity: 'openmetal.cloud', listedBy: 'openmetal.clouds' },
  operation: 'GET /v1/clouds/{cloudId}/stats',
  request: (slice) => ({ path: `/v1/clouds/${encodeURIComponent(slice.name)}/stats` }),
  pagination: { kind: 'unpaged' },
  entities: [
    {
      name: 'openmetal.cloud_stats',
      records: { shape: 'object', path: [] },
      key: [],
      schema: stats,
      absence: 'gone',
      vendorFields: ['cloud_state'],
      omit: ['nodes', 'vlans', 'keys', 'cloud_hosts'],
    },
    {
      name: 'openmetal.node',
      records: { shape: 'array', path: ['nodes'] },
      key: [['uuid']],
      keyCase: 'lower',
      schema: node,
      absence: 'gone',
      vendorFields: ['state', 'power_state', 'type', 'memory'],
      omit: ['last_updated', 'vlans', 'networks'],
    },
  ],
  schedule: '5 * * * *',
  staleAfterHours: 3,
  tolerated: { 404: 'absent' },
  redactedFields: [
    'keys',
    'key_data',
    'public_key',
    'public_keys',
    'mac_address',
    'ipaddress',
    'cloud_hostname',
    'external_vip_address',
    'internal_vip_address',
  ],
} satisfies Stream;
