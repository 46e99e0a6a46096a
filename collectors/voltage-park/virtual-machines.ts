/**
 * GET /api/v1/virtual-machines/ (document section 2.8). One record is an owned, unterminated VM as
 * it is now; a terminated one vanishes at once, and its rate with it. Status, rates and tags may
 * change at any time.
 */
import * as z from 'zod';
import type { Stream } from '../stream.ts';
import {
  INVENTORY_RECORDS_PER_PAGE,
  identifier,
  instant,
  machineResources,
  SECRET_FIELDS,
  usdPerHour,
} from './wire.ts';

export const virtualMachines = {
  id: 'voltage_park.virtual_machines',
  description:
    'One owned virtual machine as it is now; it may change and vanishes when terminated.',
  slices: { kind: 'whole' },
  operation: 'GET /api/v1/virtual-machines/',
  request: () => ({ path: '/api/v1/virtual-machines/' }),
  pagination: { kind: 'limit-offset', recordsPerPage: INVENTORY_RECORDS_PER_PAGE },
  entities: [
    {
      name: 'voltage_park.virtual_machine',
      records: { shape: 'array', path: ['results'] },
      key: [['id']],
      absence: 'gone',
      vendorFields: ['type', 'status', 'operating_system', 'resources.gpus{}'],
      moneyFields: ['pricing.total_associated_per_hr', 'pricing.total_disassociated_per_hr'],
      schema: z.looseObject({
        id: identifier,
        hostnode_id: identifier.nullish(),
        type: z.string().nullish(),
        status: z.string(),
        name: z.string().nullish(),
        resources: machineResources,
        operating_system: z.string().nullish(),
        pricing: z.looseObject({
          total_associated_per_hr: usdPerHour,
          total_disassociated_per_hr: usdPerHour,
        }),
        public_ip: z.string().nullish(),
        port_forwards: z.array(z.unknown()).nullish(),
        timestamp_creation: instant,
        tags: z.array(z.string()).nullish(),
      }),
    },
  ],
  schedule: '1 * * * *',
  staleAfterHours: 3,
  redactedFields: SECRET_FIELDS,
} as const satisfies Stream;
