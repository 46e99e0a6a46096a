/** Records that look different for some hours: fields that come, go, turn null, change their type. */
import type { SimulatedResponse } from '../provider.ts';
import type { Random } from '../random.ts';
import { ExactNumber, readExactJson, writeExactJson } from './exact-json.ts';
import type { Drift } from './fault-kinds.ts';

interface DriftingListing {
  readonly path: RegExp;
  /** The member that holds the records; '' when the answer itself is the list. */
  readonly list: string;
  /** Fields that the documents let be null or missing, and no amount depends on. */
  readonly optional: readonly string[];
  /** Numbers that may come as texts. */
  readonly numbers: readonly string[];
  /** Fields without which a record cannot be used. */
  readonly required: readonly string[];
}

const DRIFTING: readonly DriftingListing[] = [
  {
    path: /^\/v3\/flexMetal\/servers$/,
    list: '',
    optional: ['name', 'statusMessage', 'os'],
    numbers: ['createdAt', 'deliveredAt'],
    required: ['location', 'instanceType', 'status'],
  },
  {
    path: /^\/v3\/flexVM\/clouds\/[^/]+\/vms$/,
    list: '',
    optional: ['name', 'description'],
    numbers: [],
    required: ['status', 'instance_type'],
  },
  {
    path: /^\/api\/v1\/bare-metal\/$/,
    list: 'results',
    optional: ['name', 'network_type', 'tags'],
    numbers: ['node_count'],
    required: ['rate_hourly', 'creation_timestamp'],
  },
  {
    path: /^\/api\/v1\/virtual-machines\/$/,
    list: 'results',
    optional: ['name', 'operating_system', 'public_ip'],
    numbers: [],
    required: ['pricing', 'status'],
  },
  {
    path: /^\/api\/v1\/storage\/$/,
    list: 'results',
    optional: ['name', 'vip'],
    numbers: ['size_in_gb'],
    required: ['rate_hourly'],
  },
  {
    path: /^\/api\/v1\/billing\/transactions$/,
    list: 'results',
    optional: [],
    numbers: [],
    required: ['details', 'timestamp_creation'],
  },
  {
    path: /^\/vms\/v2$/,
    list: '',
    optional: ['vmName', 'osImage', 'publicIp'],
    numbers: [],
    required: ['totalSpent', 'nextBillingAt'],
  },
  {
    path: /^\/v1\/clouds$/,
    list: '',
    optional: ['label', 'description'],
    numbers: [],
    required: ['id'],
  },
  {
    path: /^\/v1\/clouds\/[^/]+\/subscription$/,
    list: 'asset_logs',
    optional: ['name'],
    numbers: ['cost_in_cents'],
    required: ['cost_in_cents', 'created_at'],
  },
];

type JsonObject = Record<string, unknown>;

/** Whether records at this path can drift. */
export function canDrift(path: string): boolean {
  return DRIFTING.some((listing) => listing.path.test(path));
}

/** The answer as `drift` shows it, or null where it changes nothing. Draws from `random` only. */
export function drifted(
  path: string,
  response: SimulatedResponse,
  drift: Drift,
  random: Random,
): SimulatedResponse | null {
  const listing = DRIFTING.find((candidate) => candidate.path.test(path));
  if (listing === undefined || response.status !== 200) return null;
  const body = readExactJson(response.body);
  const records = listing.list === '' ? body : (body as JsonObject)[listing.list];
  if (!Array.isArray(records) || records.length === 0) return null;
  if (!change(records as JsonObject[], listing, drift, random)) return null;
  return { ...response, body: writeExactJson(body) };
}

/** Returns whether a record is different now. */
function change(
  records: JsonObject[],
  listing: DriftingListing,
  drift: Drift,
  random: Random,
): boolean {
  const one = random.pick(records);
  switch (drift) {
    case 'unknown-field':
      for (const record of records) record.undocumented_field = { since: 'this release' };
      return true;
    case 'null-field':
      return onField(listing.optional, one, random, (name) => {
        one[name] = null;
      });
    case 'missing-field':
      return onField(listing.optional, one, random, (name) => {
        delete one[name];
      });
    case 'number-as-text':
      return onField(listing.numbers, one, random, (name) => {
        const number = one[name];
        one[name] = number instanceof ExactNumber ? number.source : number;
      });
    case 'broken-record':
      return onField(listing.required, one, random, (name) => {
        one[name] = [];
      });
  }
}

function onField(
  names: readonly string[],
  record: JsonObject,
  random: Random,
  act: (name: string) => void,
): boolean {
  const present = names.filter((name) => name in record);
  if (present.length === 0) return false;
  act(random.pick(present));
  return true;
}
