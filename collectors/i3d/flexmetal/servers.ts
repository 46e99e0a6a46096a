/**
 * GET /v3/flexMetal/servers (document section 3.3). One record is one bare-metal server as it is
 * now. Name, tags and status may change at any time; a failed or released server is listed for 24
 * hours more, then never again.
 */
import type { Stream } from '../../stream.ts';
import { RECORDS_PER_PAGE_MAX, REDACTED_FIELDS } from '../wire.ts';
import { SERVER_VENDOR_FIELDS, serverSchema } from './server-schema.ts';

export const servers = {
  id: 'flexmetal.servers',
  description:
    'One FlexMetal server as it is now; it may change at any time and vanishes 24 hours after its release.',
  slices: { kind: 'whole' },
  operation: 'GET /v3/flexMetal/servers',
  request: () => ({ path: '/v3/flexMetal/servers' }),
  pagination: { kind: 'ranged-data', recordsPerPage: RECORDS_PER_PAGE_MAX },
  entities: [
    {
      name: 'flexmetal.server',
      records: { shape: 'array', path: [] },
      key: [['uuid']],
      absence: 'gone',
      vendorFields: SERVER_VENDOR_FIELDS,
      schema: serverSchema,
    },
  ],
  schedule: '2 * * * *',
  staleAfterHours: 3,
  redactedFields: REDACTED_FIELDS,
} as const satisfies Stream;
