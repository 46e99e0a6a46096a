/** Goal: term arithmetic is what a person computes by hand. Method: one cloud, written history. */
import { expect, test } from 'vitest';
import { nano } from '../../../simulator/decimal.ts';
import { openMetalInvoice } from '../../../simulator/openmetal/invoice.ts';
import type { AssetPlan, CloudPlan, OpenMetalEvent } from '../../../simulator/openmetal/types.ts';
import { subscriptionView } from '../../../simulator/openmetal/view-subscription.ts';
import { OpenMetalWorld } from '../../../simulator/openmetal/world.ts';

const at = (text: string): number => Date.parse(`${text}Z`);

/** First term 2025-09-05T12:00 .. 2025-10-05T12:00, second .. 2025-11-04T12:00. */
const ACTIVATED = '2025-09-05T12:00:00';

function cloudPlan(changes: Partial<CloudPlan> = {}): CloudPlan {
  return {
    id: 'cloud',
    uuid: 'cloud-uuid',
    description: '',
    type: 'baremetal',
    pod: 'pod_1',
    sku: 'medium_v4',
    organization: {
      id: 'org',
      uuid: 'org-uuid',
      accountId: 1,
      name: 'Acme',
      role: 'owner',
      hasBilling: true,
    },
    orderId: 'order',
    hostAddress: '',
    internalVip: '',
    createdAtMs: at('2025-09-03T10:00:00'),
    activatedAtMs: at(ACTIVATED),
    firstTermAtMs: at(ACTIVATED),
    subscriptionUuid: 'subscription',
    isInvoiced: true,
    isCardPaid: false,
    discountPercent: 0,
    sshKey: '',
    vlans: [],
    ...changes,
  };
}

function nodeAdded(assetId: number, instant: string, centsPerHour: number): OpenMetalEvent {
  const asset: AssetPlan = {
    id: assetId,
    code: 'baremetal_medium_v4',
    name: 'Baremetal - Medium v4',
    centsPerHour,
    milsPerHour: 1345,
  };
  const node = {
    uuid: `node-${assetId}`,
    hostname: '',
    address: '',
    mac: '',
    rack: '',
    chassis: '',
    boughtAtMs: 0,
  };
  return { kind: 'node-added', atMs: at(instant), cloudId: 'cloud', node, asset };
}

function nodeRemoved(assetId: number, instant: string): OpenMetalEvent {
  const nodeUuid = `node-${assetId}`;
  return { kind: 'node-removed', atMs: at(instant), cloudId: 'cloud', nodeUuid };
}

class Story {
  readonly #world: OpenMetalWorld;

  constructor(plan: CloudPlan, ...events: OpenMetalEvent[]) {
    const { createdAtMs, id } = plan;
    this.#world = new OpenMetalWorld([
      { kind: 'cloud-created', atMs: createdAtMs, cloud: plan, label: 'platform-prod' },
      { kind: 'provisioned', atMs: at('2025-09-03T11:00:00'), cloudId: id },
      ...events,
    ]);
  }

  subscription(instant: string): Reply {
    this.#world.advanceTo(at(instant));
    const cloud = this.#world.clouds.get('cloud');
    if (cloud === undefined) throw new Error('the cloud exists');
    return subscriptionView(cloud, at(instant)) as Reply;
  }

  invoice(instant: string): string[] {
    this.#world.advanceTo(at(instant));
    return openMetalInvoice(this.#world, at(instant)).map(
      (line) => `${line.resourceId} ${line.month} ${line.quantity} h ${line.amount}`,
    );
  }

  totalUsd(instant: string): bigint {
    this.#world.advanceTo(at(instant));
    const lines = openMetalInvoice(this.#world, at(instant));
    return lines.reduce((sum, line) => sum + nano(line.amount), 0n);
  }
}

interface Reply {
  subscription: {
    state: string;
    current_term_started_at: string;
    current_term_ends_at: string;
    addons: { usage: number; unit_amount_in_cents: number; total_in_cents: number }[];
    total_in_cents: number;
  };
  asset_logs: { period_usage: number; lifetime_usage: number; period_cost: string }[];
}

test('trial hours are free: shown in the lifetime, in neither the term nor the bill', () => {
  const story = new Story(cloudPlan(), nodeAdded(1, '2025-09-03T10:30:00', 110));
  const trial = story.subscription('2025-09-05T10:30:00');
  expect(trial.subscription).toMatchObject({
    state: 'future',
    current_term_started_at: '2025-09-05T12:00:00+00:00',
    addons: [],
    total_in_cents: 0,
  });
  expect(trial.asset_logs).toMatchObject([{ period_usage: 0, lifetime_usage: 48 }]);
  expect(story.invoice('2025-09-05T12:59:59')).toEqual([]);
  const running = story.subscription('2025-09-06T11:59:59');
  expect(running.subscription).toMatchObject({ state: 'active', total_in_cents: 720 * 110 });
  expect(running.asset_logs).toMatchObject([
    { period_usage: 23, lifetime_usage: 73, period_cost: '25.30' },
  ]);
  expect(story.invoice('2025-09-06T11:59:59')).toEqual(['1 2025-09 23 h 25.30']);
});

test('an asset added in mid-term owes the whole hours up to the end of the term', () => {
  // From 2025-10-04T09:15 to the term's end 2025-10-05T12:00 are 26.75 hours.
  const story = new Story(cloudPlan(), nodeAdded(1, '2025-10-04T09:15:00.400', 100));
  const { subscription } = story.subscription('2025-10-04T10:00:00');
  expect(subscription.addons).toMatchObject([{ usage: 26, total_in_cents: 2600 }]);
  expect(story.invoice('2025-10-05T12:00:00')).toEqual(['1 2025-10 26 h 26.00']);
  // The next term starts to count at its own start.
  expect(story.invoice('2025-10-05T13:00:00')).toEqual(['1 2025-10 27 h 27.00']);
});

test('an asset removed in mid-term owes the rest of the term and nothing after it', () => {
  const story = new Story(
    cloudPlan(),
    nodeAdded(1, '2025-09-03T10:30:00', 100),
    nodeRemoved(1, '2025-09-10T12:00:00'),
  );
  const removed = story.subscription('2025-09-20T12:00:00');
  expect(removed.subscription.total_in_cents).toBe(72_000);
  expect(removed.asset_logs).toMatchObject([{ period_usage: 120, period_cost: '120.00' }]);
  // September: 2025-09-05T12:00 .. 2025-10-01 = 612 h; October: 108 h.
  const closed = ['1 2025-09 612 h 612.00', '1 2025-10 108 h 108.00'];
  expect(story.invoice('2025-10-05T12:00:00')).toEqual(closed);
  expect(story.subscription('2025-10-06T12:00:00').subscription).toMatchObject({
    addons: [],
    total_in_cents: 0,
  });
  expect(story.invoice('2025-10-31T00:00:00')).toEqual(closed);
});

test('equal codes at different prices are different add-ons', () => {
  const story = new Story(
    cloudPlan(),
    nodeAdded(1, '2025-09-03T10:30:00', 110),
    nodeAdded(2, '2025-09-03T10:40:00', 110),
    nodeAdded(3, '2025-09-15T12:00:00', 114),
  );
  expect(story.subscription('2025-09-16T00:00:00').subscription.addons).toMatchObject([
    { usage: 1440, unit_amount_in_cents: 110, total_in_cents: 158_400 },
    { usage: 480, unit_amount_in_cents: 114, total_in_cents: 54_720 },
  ]);
});

test('a rate that changes at the start of a term is the rate of that term and the next ones', () => {
  const atMs = at('2025-10-05T12:00:00');
  const story = new Story(
    cloudPlan(),
    nodeAdded(1, '2025-09-05T12:00:00', 100),
    { kind: 'assets-repriced', atMs, cloudId: 'cloud', percent: 108 },
    nodeAdded(2, '2025-10-05T12:00:00', 100),
  );
  expect(story.subscription('2025-10-05T11:59:59').subscription.addons).toEqual([
    expect.objectContaining({ usage: 720, unit_amount_in_cents: 100 }),
  ]);
  expect(story.invoice('2025-11-01T00:00:00')).toEqual([
    '1 2025-09 612 h 612.00',
    // 108 hours of the first term, 636 of the second.
    '1 2025-10 744 h 794.88',
    '2 2025-10 636 h 636.00',
  ]);
});

test('a discount is taken off the term as its cost accrues, to whole cents at its end', () => {
  // 720 h × 107 cents = 77040; 10 % = 7704. Second asset: 1 h × 9 cents; 10 % of 77049 = 7704.9.
  const story = new Story(
    cloudPlan({ discountPercent: 10 }),
    nodeAdded(1, '2025-09-03T10:30:00', 107),
    nodeAdded(2, '2025-10-05T10:30:00', 9),
  );
  expect(story.subscription('2025-10-05T11:00:00').subscription.total_in_cents).toBe(69_345);
  expect(story.invoice('2025-10-05T11:59:59')).toContain('cloud/discount 2025-10 0 h -11.4580');
  expect(story.invoice('2025-10-05T12:00:00')).toContain('cloud/discount 2025-10 0 h -11.5560');
  expect(story.totalUsd('2025-10-05T12:00:00')).toBe(nano('693.45'));
});

test('a deleted cloud owes the running term in full and starts no other', () => {
  const story = new Story(
    cloudPlan(),
    nodeAdded(1, '2025-09-03T10:30:00', 100),
    { kind: 'cloud-deleted', atMs: at('2025-10-04T12:00:00'), cloudId: 'cloud' },
    { kind: 'cloud-gone', atMs: at('2025-10-07T12:00:00'), cloudId: 'cloud' },
  );
  const pending = story.subscription('2025-10-06T12:00:00');
  expect(pending.subscription).toMatchObject({
    state: 'canceled',
    current_term_ends_at: '2025-10-05T12:00:00+00:00',
    total_in_cents: 72_000,
  });
  expect(pending.asset_logs).toMatchObject([{ period_usage: 696 }]);
  expect(story.totalUsd('2025-11-20T00:00:00')).toBe(nano('720.00'));
});

test('without billing every node hour costs the catalogue price, cut at the month', () => {
  // 30.5 h in September, then up to 10:00 on 1 October: floor(40.5) − floor(30.5) = 10 h.
  const story = new Story(
    cloudPlan({ isInvoiced: false }),
    nodeAdded(1, '2025-09-29T17:30:00', 0),
    nodeRemoved(1, '2025-10-01T10:00:00'),
  );
  expect(story.invoice('2025-10-20T00:00:00')).toEqual([
    'node-1 2025-09 30 h 40.350',
    'node-1 2025-10 10 h 13.450',
  ]);
});
