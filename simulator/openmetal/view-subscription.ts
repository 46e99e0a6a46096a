/** Usage and money of one cloud: the running term and every asset it ever had. */
import type { ReadingOf } from '../readings.ts';
import { overbilled } from '../world-faults.ts';
import { offset } from './format.ts';
import { grossTermCents, subscriptionLife, termDiscountCents } from './invoice.ts';
import { rateOfTerm } from './rates.ts';
import {
  chargeStartMs,
  currentTerm,
  owedHours,
  type Term,
  usedHours,
  wholeHours,
} from './terms.ts';
import type { AssetState, CloudState } from './world.ts';

/** "Rate: long-term"; what the second bracket means is not documented. */
const CODE_SUFFIX = '[r:l][d:1]';

/** `permille` is how much too high gross and total are; rates, hours and discount stay right. */
export function subscriptionView(
  cloud: CloudState,
  nowMs: number,
  permille = 0,
  total: ReadingOf<'openmetal.total'> = 'net',
): unknown {
  const { plan } = cloud;
  const term = currentTerm(subscriptionLife(cloud), nowMs);
  const isActivated = nowMs >= plan.activatedAtMs;
  const isBilled = nowMs >= plan.firstTermAtMs;
  const rightCents = isBilled ? grossTermCents(cloud.assets, term) : 0;
  const addons = isBilled ? addonViews(cloud.assets, term, permille) : [];
  const grossCents = addons.reduce((sum, addon) => sum + addon.total_in_cents, 0);
  return {
    subscription: {
      uuid: plan.subscriptionUuid,
      state: stateName(cloud, isActivated),
      total_billing_cycles: term.index + 1,
      collection_method: plan.isCardPaid ? 'automatic' : 'manual',
      auto_renew: cloud.deletedAtMs === null,
      ...(plan.isCardPaid
        ? { card: { card_type: 'Visa', last_four: 'SIMULATED-SECRET-CARD-4242' } }
        : {}),
      current_term_started_at: offset(term.startMs),
      current_term_ends_at: offset(term.endMs),
      activated_at: offset(plan.activatedAtMs),
      addons,
      discounts:
        plan.discountPercent === 0
          ? []
          : [{ name: 'Startup credit', percent: plan.discountPercent }],
      total_in_cents:
        total === 'gross' ? grossCents : grossCents - termDiscountCents(cloud, rightCents),
      plan_code: 'flex_metal_cloud_monthly',
    },
    asset_logs: cloud.assets
      .filter((asset) => isLogged(asset, cloud))
      .map((asset) => assetView(asset, cloud, term, nowMs)),
  };
}

/** An asset that came back under its id is one row, that of its last creation. */
function isLogged(asset: AssetState, cloud: CloudState): boolean {
  return !asset.isUnlisted && lastOf(asset, cloud) === asset;
}

function lastOf(asset: AssetState, cloud: CloudState): AssetState | undefined {
  return cloud.assets.findLast(({ plan }) => plan.id === asset.plan.id);
}

function stateName(cloud: CloudState, isActivated: boolean): string {
  if (cloud.deletedAtMs !== null) return 'canceled';
  return isActivated ? 'active' : 'future';
}

interface Addon {
  usage: number;
  name: string;
  addon_on_code: string;
  unit_amount_in_cents: number;
  total_in_cents: number;
}

/** One row per code and unit price, over all assets that the term charges. */
function addonViews(assets: readonly AssetState[], term: Term, permille: number): Addon[] {
  const addons = new Map<string, Addon>();
  for (const asset of assets) {
    if (chargeStartMs(asset, term) === null) continue;
    const { code, name } = asset.plan;
    const centsPerHour = rateOfTerm(asset.rates, term.startMs);
    const key = `${code} ${centsPerHour}`;
    let addon = addons.get(key);
    if (addon === undefined) {
      addon = {
        usage: 0,
        name,
        addon_on_code: `${code}${CODE_SUFFIX}`,
        unit_amount_in_cents: centsPerHour,
        total_in_cents: 0,
      };
      addons.set(key, addon);
    }
    const hours = owedHours(asset, term);
    addon.usage += hours;
    addon.total_in_cents += hours * centsPerHour;
  }
  return [...addons.values()].map((addon) => ({
    ...addon,
    total_in_cents: Number(overbilled(BigInt(addon.total_in_cents), permille)),
  }));
}

function assetView(asset: AssetState, cloud: CloudState, term: Term, nowMs: number): unknown {
  const { plan, node, createdAtMs, removedAtMs } = asset;
  const centsPerHour = rateOfTerm(asset.rates, term.startMs);
  const lives = cloud.assets.filter(({ plan: { id } }) => id === plan.id);
  const used = lives.reduce((hours, life) => hours + usedHours(life, term, nowMs), 0);
  return {
    cloud_id: cloud.plan.id,
    cloud_asset_id: plan.id,
    addon_code: plan.code,
    is_active: removedAtMs === null,
    created_at: offset(createdAtMs),
    removed_at: removedAtMs === null ? null : offset(removedAtMs),
    nodes: node === null ? [] : [{ node_uuid: node.plan.uuid, created_at: offset(createdAtMs) }],
    lifetime_usage: lives.reduce((hours, life) => hours + lifetimeHours(life, nowMs), 0),
    name: plan.name,
    cost_in_cents: centsPerHour,
    period_usage: used,
    period_cost: dollars(used * centsPerHour),
  };
}

function lifetimeHours({ createdAtMs, removedAtMs }: AssetState, nowMs: number): number {
  return wholeHours(createdAtMs, Math.min(nowMs, removedAtMs ?? nowMs));
}

/** Dollars with two places. */
function dollars(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}
