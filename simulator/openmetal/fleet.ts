/** Draws the world's history: clouds, their machines and addresses, orders and prices. */
import type { WorldOptions } from '../provider.ts';
import { Random } from '../random.ts';
import { readingOf } from '../readings.ts';
import { faultRandom } from '../world-faults.ts';
import { REPRICED_SKU, SKUS, UNBILLED_SKU } from './catalogue.ts';
import { DAY_MS, drawVlans, hashId, MINUTE_MS, WorldBook, wholeSecond } from './draws.ts';
import { type CloudSpan, drawChanges, drawInitialParts } from './fleet-parts.ts';
import type { CloudPlan, OpenMetalEvent, Organization } from './types.ts';

const CLOUDS_IN_WORLD = 7;
/** Below this not every kind of cloud would occur. */
const CLOUDS_MIN = 4;
/** Terms last 30 days and only the running one can be read, so no older one may lie in the past. */
const ACTIVATION_AGE_AT_START_MS_MAX = 25 * DAY_MS;
const TRIAL_MS_MAX = 3 * DAY_MS;
const PENDING_DELETE_MS = 3 * DAY_MS;
const DISCOUNT_PERCENT = 10;

const TEAMS = ['platform', 'research', 'nlp', 'vision', 'web', 'data'];
const ENVIRONMENTS = ['prod', 'staging', 'dev'];
const POD_IDS = ['pod_1', 'pod_2', 'pod_3'];

/** The kinds of cloud in the order in which they are handed out; all others are plain. */
const KINDS = ['unbilled', 'discounted', 'deleted', 'created'] as const;
type Kind = (typeof KINDS)[number] | 'plain';

export interface OpenMetalHistory {
  readonly events: OpenMetalEvent[];
  readonly organizations: readonly Organization[];
}

export function generateOpenMetalHistory(options: WorldOptions): OpenMetalHistory {
  const random = new Random(`${options.seed}:openmetal`);
  const organizations = drawOrganizations(random.fork('organizations'));
  const spanMs = options.endMs - options.startMs;
  const book = new WorldBook(options.startMs + Math.floor((spanMs * 0.55) / 1000) * 1000);
  const sharedDayMs = drawSharedDay(options);
  const events: OpenMetalEvent[] = [
    {
      kind: 'product-repriced',
      atMs: book.repriceAtMs,
      sku: REPRICED_SKU,
      pricePercent: book.repricePercent,
    },
  ];
  const cloudCount = Math.max(CLOUDS_MIN, Math.round(CLOUDS_IN_WORLD * options.scale));
  for (let index = 0; index < cloudCount; index += 1) {
    const cloudRandom = random.fork(`cloud-${index}`);
    events.push(...drawCloud(cloudRandom, index, { options, sharedDayMs }, book, organizations));
  }
  return { events: events.filter((event) => event.atMs < options.endMs), organizations };
}

/** The second organisation's billing is closed to the API key. */
function drawOrganizations(random: Random): Organization[] {
  return [
    {
      id: hashId(random),
      uuid: random.uuid(),
      accountId: 4021,
      name: 'Acme Rendering',
      role: 'owner',
      hasBilling: true,
    },
    {
      id: hashId(random),
      uuid: random.uuid(),
      accountId: 4388,
      name: 'Acme Labs',
      role: 'member',
      hasBilling: false,
    },
  ];
}

function drawCloud(
  random: Random,
  index: number,
  { options, sharedDayMs }: WorldFrame,
  book: WorldBook,
  organizations: readonly Organization[],
): OpenMetalEvent[] {
  const kind: Kind = KINDS[index] ?? 'plain';
  const isShared = kind === 'discounted' || kind === 'deleted';
  const span = drawSpan(random, kind, options, isShared ? sharedDayMs : null);
  const isInvoiced =
    kind !== 'unbilled' || readingOf(options, 'openmetal.unreadable-bill') === 'subscription';
  const plan: CloudPlan = {
    ...drawPlan(random, index, kind, span, book, organizations),
    firstTermAtMs: span.activatedAtMs + firstTermLagMs(options, index),
    isInvoiced,
  };
  const label = `${TEAMS[index % TEAMS.length]}-${ENVIRONMENTS[Math.floor(index / 2) % 3]}`;
  const { createdAtMs, provisionedAtMs, deletedAtMs } = span;
  const events: OpenMetalEvent[] = [
    { kind: 'cloud-created', atMs: createdAtMs, cloud: plan, label },
    { kind: 'provisioned', atMs: provisionedAtMs, cloudId: plan.id },
  ];
  const parts = drawInitialParts(random, plan, span, book);
  events.unshift(parts.order);
  events.push(...parts.events, ...drawChanges(random, plan, span, parts, book));
  if (kind === 'plain' && index % 2 === 0) {
    const atMs = wholeSecond(random, span.changesFromMs, span.changesToMs);
    events.push({ kind: 'relabelled', atMs, cloudId: plan.id, label: `${label}-2` });
  }
  if (deletedAtMs !== null) {
    events.push({ kind: 'cloud-deleted', atMs: deletedAtMs, cloudId: plan.id });
    const goneAtMs = deletedAtMs + PENDING_DELETE_MS;
    events.push({ kind: 'cloud-gone', atMs: goneAtMs, cloudId: plan.id });
  }
  return events;
}

interface WorldFrame {
  readonly options: WorldOptions;
  /** The UTC day on which the subscriptions of two clouds begin; null when they need not. */
  readonly sharedDayMs: number | null;
}

function drawSharedDay(options: WorldOptions): number | null {
  const random = faultRandom(options, 'one-day-subscriptions');
  if (random === null) return null;
  return Math.floor(options.startMs / DAY_MS - random.between(3, 23)) * DAY_MS;
}

function firstTermLagMs(options: WorldOptions, index: number): number {
  if (readingOf(options, 'openmetal.first-term') === 'activation') return 0;
  const random = new Random(`${options.seed}:openmetal:first-term:${index}`);
  return random.between(3_600, 20 * 3_600) * 1000;
}

function drawSpan(
  random: Random,
  kind: Kind,
  options: WorldOptions,
  sharedDayMs: number | null,
): CloudSpan {
  const { startMs, endMs } = options;
  const within = (low: number, high: number): number =>
    wholeSecond(random, startMs + (endMs - startMs) * low, startMs + (endMs - startMs) * high);
  const trialMs = random.chance(0.3) ? 0 : wholeSecond(random, 0, TRIAL_MS_MAX);
  const provisioningMs = wholeSecond(random, 35 * MINUTE_MS, 90 * MINUTE_MS);
  let createdAtMs: number;
  if (kind === 'created') {
    createdAtMs = within(0.75, 0.82);
  } else {
    const oldestMs = startMs - ACTIVATION_AGE_AT_START_MS_MAX;
    const drawnMs = wholeSecond(random, oldestMs, startMs - DAY_MS);
    const activatedAtMs = sharedDayMs === null ? drawnMs : sharedDayMs + (drawnMs % DAY_MS);
    createdAtMs = activatedAtMs - trialMs - provisioningMs;
  }
  const provisionedAtMs = createdAtMs + provisioningMs;
  const deletedAtMs = kind === 'deleted' ? within(0.2, 0.3) : null;
  return {
    createdAtMs,
    provisionedAtMs,
    activatedAtMs: provisionedAtMs + trialMs,
    deletedAtMs,
    changesFromMs: Math.max(startMs, provisionedAtMs) + 6 * 60 * MINUTE_MS,
    changesToMs: (deletedAtMs ?? endMs) - 60 * MINUTE_MS,
  };
}

function drawPlan(
  random: Random,
  index: number,
  kind: Kind,
  span: CloudSpan,
  book: WorldBook,
  organizations: readonly Organization[],
): CloudPlan {
  const isUnbilled = kind === 'unbilled';
  const organization = organizations[isUnbilled ? 1 : 0];
  if (organization === undefined) throw new Error('the world has two organisations');
  const soldSkus = SKUS.filter((sku) => sku.name !== UNBILLED_SKU);
  const sku = isUnbilled ? UNBILLED_SKU : soldSkus[index % soldSkus.length]?.name;
  return {
    id: hashId(random),
    uuid: random.uuid(),
    description: 'A Pre-prepared cloud generated automatically',
    type: index % 2 === 0 ? 'baremetal' : 'pcc',
    pod: POD_IDS[index % POD_IDS.length] ?? 'pod_1',
    sku: sku ?? REPRICED_SKU,
    organization,
    orderId: hashId(random),
    hostAddress: `198.51.100.${random.between(2, 9)}`,
    internalVip: '192.168.3.254',
    createdAtMs: span.createdAtMs,
    activatedAtMs: span.activatedAtMs,
    firstTermAtMs: span.activatedAtMs,
    subscriptionUuid: random.hex(32),
    isInvoiced: !isUnbilled,
    isCardPaid: index % 3 !== 2,
    discountPercent: kind === 'discounted' ? DISCOUNT_PERCENT : 0,
    sshKey: `ssh-ed25519 SIMULATED-SECRET-CLOUD-KEY-${index + 1}`,
    vlans: drawVlans(random, book),
  };
}
