/**
 * GET /api/v1/bare-metal/ (document section 2.8). One record is an owned, unterminated rental as it
 * is now; a terminated one vanishes. A pending rental carries five fields only, the others are
 * missing; a reboot puts a known rental back to pending. `rate_hourly` is for all its nodes.
 */
import * as z from 'zod';
import type { Stream } from '../stream.ts';
import {
  count,
  INVENTORY_RECORDS_PER_PAGE,
  identifier,
  instant,
  nodeSpecs,
  SECRET_FIELDS,
  usdPerHour,
} from './wire.ts';

export const bareMetal = {
  id: 'voltage_park.bare_metal',
  description:
    'One owned bare-metal rental as it is now; it may change and vanishes when terminated.',
  slices: { kind: 'whole' },
  operation: 'GET /api/v1/bare-metal/',
  request: () => ({ path: '/api/v1/bare-metal/' }),
  pagination: { kind: 'limit-offset', recordsPerPage: INVENTORY_RECORDS_PER_PAGE },
  entities: [
    {
      name: 'voltage_park.bare_metal_rental',
      records: { shape: 'array', path: ['results'] },
      key: [['id']],
      absence: 'gone',
      vendorFields: [
        'status',
        'power_status',
        'network_type',
        'specs_per_node.gpu_model',
        'specs_per_node.cpu_model',
      ],
      moneyFields: ['rate_hourly'],
      schema: z.looseObject({
        id: identifier,
        name: z.string().nullish(),
        creation_timestamp: instant,
        status: z.string(),
        power_status: z.string().nullish(),
        node_count: count.nullish(),
        specs_per_node: nodeSpecs.nullish(),
        rate_hourly: usdPerHour,
        network_type: z.string().nullish(),
        username: z.string().nullish(),
        node_networking: z.array(z.unknown()).nullish(),
        sub_order: z.union([z.string(), z.number()]).nullish(),
        suborder: z.union([z.string(), z.number()]).nullish(),
        storage_id: z.string().nullish(),
        storage_pv: z.string().nullish(),
        storage_pvc: z.string().nullish(),
        k8s_cluster_id: z.string().nullish(),
        tags: z.array(z.string()).nullish(),
      }),
    },
  ],
  schedule: '2 * * * *',
  staleAfterHours: 3,
  redactedFields: SECRET_FIELDS,
} as const satisfies Stream;
