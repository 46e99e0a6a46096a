/**
 * GET /v3/flexMetal/plans (document section 3.6). One record is one instance type with its hardware
 * and how available it is where; availability changes at any time. There are no prices.
 */
import * as z from 'zod';
import type { Stream } from '../../stream.ts';
import { count, identifier } from '../wire.ts';

export const plans = {
  id: 'flexmetal.plans',
  description: 'One instance type with its hardware and availability, which changes at any time.',
  slices: { kind: 'whole' },
  operation: 'GET /v3/flexMetal/plans',
  request: () => ({ path: '/v3/flexMetal/plans' }),
  pagination: { kind: 'unpaged' },
  entities: [
    {
      name: 'flexmetal.plan',
      records: { shape: 'array', path: [] },
      key: [['name']],
      absence: 'gone',
      vendorFields: [
        'name',
        'hardwareDetails.cpu.name',
        'hardwareDetails.memory.type',
        'hardwareDetails.memory.size',
        'hardwareDetails.gpu',
        'hardwareDetails.gpu[]',
        ...['name', 'model', 'count', 'quantity'].flatMap((field) => [
          `hardwareDetails.gpu.${field}`,
          `hardwareDetails.gpu[].${field}`,
        ]),
        'locations[].name',
        'locations[].dcCode',
        'locations[].availability',
      ],
      schema: z.looseObject({
        name: identifier,
        hardwareDetails: z
          .looseObject({
            cpu: z
              .looseObject({ name: z.string().nullish(), totalCores: count.nullish() })
              .nullish(),
            memory: z
              .looseObject({
                type: z.string().nullish(),
                size: z.union([count, z.string()]).nullish(),
              })
              .nullish(),
            /** Null in the only published example: staging takes any form it can read. */
            gpu: z.unknown(),
          })
          .nullish(),
        locations: z
          .array(
            z.looseObject({
              name: z.string(),
              dcCode: z.string().nullish(),
              availability: z.string().nullish(),
            }),
          )
          .nullish(),
      }),
    },
  ],
  schedule: '42 3 * * *',
  staleAfterHours: 50,
} as const satisfies Stream;
