/**
 * GET /api/v1/instant-deploy-presets/ (document section 2.9). One record is a VM shape with its
 * compute and storage rates per instance and the locations that have it now. A bare list; the live
 * API calls the endpoint deprecated.
 */
import * as z from 'zod';
import type { Stream } from '../stream.ts';
import { identifier, machineResources, usdPerHour } from './wire.ts';

export const instantDeployPresets = {
  id: 'voltage_park.instant_deploy_presets',
  description: 'One virtual machine shape, its hourly rates and where it is available now.',
  slices: { kind: 'whole' },
  operation: 'GET /api/v1/instant-deploy-presets/',
  request: () => ({ path: '/api/v1/instant-deploy-presets/' }),
  pagination: { kind: 'unpaged' },
  entities: [
    {
      name: 'voltage_park.instant_deploy_preset',
      records: { shape: 'array', path: [] },
      key: [['id']],
      absence: 'gone',
      vendorFields: ['operating_system', 'resources.gpus{}'],
      moneyFields: ['compute_rate_hourly', 'storage_rate_hourly'],
      schema: z.looseObject({
        id: identifier,
        resources: machineResources,
        operating_system: z.string().nullish(),
        compute_rate_hourly: usdPerHour,
        storage_rate_hourly: usdPerHour.nullish(),
        location_ids_with_availability: z.array(z.string()).nullish(),
      }),
    },
  ],
  schedule: '36 3 * * *',
  staleAfterHours: 50,
  isPublic: true,
} as const satisfies Stream;
