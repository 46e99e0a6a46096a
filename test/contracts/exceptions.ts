/**
 * Where our fixtures and the simulator answer otherwise than the vendors describe, each for a reason.
 * A test fails when one is not needed any more.
 */
import type { AnswerSource } from './described.ts';

export interface Exception {
  readonly stream: string;
  /** `place: message`, list elements as `*`. */
  readonly defect: string;
  readonly in: readonly AnswerSource[];
  readonly reason: string;
}

const BOTH = ['fixture', 'simulator'] as const;
const NOT_YET = "the vendor's guide prints null for what was not reached yet";
const NAIVE_DATES = "the vendor's reference prints these dates without a zone";
const FLAT = "the vendor's guide lists these figures flat, its description nested: both are read";
const CLIENT_SPELLING = "the vendor's own client reads this spelling: both are read";

function both(stream: string, defect: string, reason: string): Exception {
  return { stream, defect, in: BOTH, reason };
}

function fixture(stream: string, defect: string, reason: string): Exception {
  return { stream, defect, in: ['fixture'], reason };
}

export const EXCEPTIONS: readonly Exception[] = [
  both('flexmetal.servers', '*.releasedAt: must be integer', NOT_YET),
  both('flexmetal.servers', '*.deliveredAt: must be integer', NOT_YET),
  fixture(
    'flexmetal.servers',
    "*: must have required property 'contractId'",
    "the guide's example of a server on demand has none",
  ),
  both(
    'flexmetal.usage',
    '*.bandwidthOut: is not described',
    "the vendor's page on usage bills by it; its description knows bandwidthIn only",
  ),
  {
    ...both('flexmetal.usage', '*.server.releasedAt: must be integer', NOT_YET),
    in: ['simulator'],
  },
  {
    ...both('flexmetal.usage', '*.server.deliveredAt: must be integer', NOT_YET),
    in: ['simulator'],
  },
  fixture('flexvm.vms', "*: must have required property 'created_at'", CLIENT_SPELLING),
  fixture('flexvm.vms', '*.createdAt: is not described', CLIENT_SPELLING),
  fixture('flexvm.vms', '*.deletedAt: is not described', CLIENT_SPELLING),
  both(
    'flexvm.vms',
    '*.node: must be object',
    'a machine that is being created or was deleted is on no host, and no other way to say so is described',
  ),
  both('flexvm.monthly_report', 'vms.*.released_at: must be string', NOT_YET),
  fixture('flexvm.monthly_report', "clouds.*: must have required property 'period_usage'", FLAT),
  fixture('flexvm.monthly_report', 'clouds.*.total_vms_created: is not described', FLAT),
  fixture('flexvm.monthly_report', 'clouds.*.total_vms_released: is not described', FLAT),
  fixture('flexvm.monthly_report', 'clouds.*.total_vm_hours: is not described', FLAT),
  both('openmetal.stats', 'creation_date: must match format "date-time"', NAIVE_DATES),
  both('openmetal.stats', 'nodes.*.creation_date: must match format "date-time"', NAIVE_DATES),
  both('openmetal.stats', 'nodes.*.last_updated: must match format "date-time"', NAIVE_DATES),
  both('openmetal.stats', 'nodes.*.assigned_date: must match format "date-time"', NAIVE_DATES),
  fixture(
    'openmetal.orders',
    '*.fields.items.*.cloud_id: must be string',
    'an order that makes its own cloud has null there in the documents',
  ),
];
