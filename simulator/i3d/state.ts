/** What the API shows right now: live views that a cursor over the event log keeps up to date. */
import { type ReadingOf, type Readings, readingOf } from '../readings.ts';
import type { Correction } from './books.ts';
import { DAY_MS } from './calendar.ts';
import type { CloudPlan, NodeChange, NodePlan, NodeStatus } from './clouds.ts';
import type { ServerChange, ServerPlan, ServerStatus } from './server-lifecycle.ts';
import type { VmChange, VmPlan, VmStatus } from './vm-lifecycle.ts';
import type { I3dWorld } from './world.ts';

/** Failed and released servers stay in GET responses for 24 hours, as the FlexMetal guide says. */
export const ENDED_SERVER_VISIBLE_MS = DAY_MS;

export interface ServerView {
  readonly plan: ServerPlan;
  status: ServerStatus;
  statusMessage: string;
  name: string;
  tags: readonly string[];
  osSlug: string;
  ipAddress: string | null;
  contractId: string;
  deliveredAtMs: number | null;
  releasedAtMs: number | null;
  /** When it failed or was released. */
  endedAtMs: number | null;
  /** The JSON last written for this state; null after a change. */
  cachedJson: string | null;
}

export interface NodeView {
  readonly plan: NodePlan;
  readonly cloud: CloudView;
  status: NodeStatus;
}

export interface VmView {
  readonly plan: VmPlan;
  readonly cloud: CloudView;
  /** Under which name its creation is shown. */
  readonly createdKey: ReadingOf<'i3d.vm-created-key'>;
  status: VmStatus;
  node: NodeView | null;
  ips: readonly { readonly address: string; readonly public: boolean }[];
  releasedAtMs: number | null;
  cachedJson: string | null;
}

export interface CloudView {
  readonly plan: CloudPlan;
  /** What is listed, by creation and then id. */
  readonly nodes: Map<string, NodeView>;
  readonly vms: Map<string, VmView>;
}

type LogEntry = { readonly atMs: number; readonly id: string; readonly order: number } & (
  | { readonly kind: 'server'; readonly plan: ServerPlan; readonly change: ServerChange }
  | {
      readonly kind: 'node';
      readonly cloud: CloudView;
      readonly plan: NodePlan;
      readonly change: NodeChange;
    }
  | {
      readonly kind: 'vm';
      readonly cloud: CloudView;
      readonly plan: VmPlan;
      readonly change: VmChange;
    }
  | { readonly kind: 'correction'; readonly correction: Correction }
);

export class I3dState {
  readonly world: I3dWorld;
  readonly readings: Readings;
  readonly clouds: ReadonlyMap<string, CloudView>;
  /** Every server and VM created so far, gone or not, by creation and then id. */
  readonly serversEver: ServerView[] = [];
  readonly vmsEver: VmView[] = [];
  /** What GET shows, by creation and then id. */
  readonly servers = new Map<string, ServerView>();
  readonly #log: readonly LogEntry[];
  readonly #vmById = new Map<string, VmView>();
  readonly #ended: ServerView[] = [];
  #endedCursor = 0;
  #logCursor = 0;
  #nowMs = Number.NEGATIVE_INFINITY;

  constructor(world: I3dWorld, corrections: readonly Correction[], readings: Readings = {}) {
    this.world = world;
    this.readings = readings;
    const clouds = world.clouds.map((plan) => ({ plan, nodes: new Map(), vms: new Map() }));
    this.clouds = new Map(clouds.map((cloud) => [cloud.plan.id, cloud]));
    this.#log = buildLog(world, this.clouds, corrections);
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Lives through everything up to and including `nowMs`. Throws when time would run backwards. */
  advanceTo(nowMs: number): void {
    if (nowMs < this.#nowMs) throw new RangeError('the simulated state cannot go back in time');
    this.#nowMs = nowMs;
    for (;;) {
      const entry = this.#log[this.#logCursor];
      if (entry === undefined || entry.atMs > nowMs) break;
      this.#apply(entry);
      this.#logCursor += 1;
    }
    for (;;) {
      const view = this.#ended[this.#endedCursor];
      if (view?.endedAtMs == null || nowMs < view.endedAtMs + ENDED_SERVER_VISIBLE_MS) break;
      this.servers.delete(view.plan.uuid);
      this.#endedCursor += 1;
    }
  }

  #apply(entry: LogEntry): void {
    if (entry.kind === 'server') this.#applyServer(entry.plan, entry.change);
    else if (entry.kind === 'correction') this.#correct(entry.correction);
    else if (entry.kind === 'vm') this.#applyVm(entry.cloud, entry.plan, entry.change);
    else applyNode(entry.cloud, entry.plan, entry.change);
  }

  #correct(correction: Correction): void {
    const { resourceId } = correction;
    const server = this.serversEver.find(({ plan }) => plan.uuid === resourceId);
    if (correction.kind === 'contract') {
      if (server !== undefined) server.contractId = correction.contractId;
    } else {
      const view = server ?? this.vmsEver.find(({ plan }) => plan.id === resourceId);
      if (view !== undefined) view.releasedAtMs = correction.releasedAtMs;
    }
    if (server !== undefined) server.cachedJson = null;
  }

  #applyServer(plan: ServerPlan, change: ServerChange): void {
    let view = this.servers.get(plan.uuid);
    if (view === undefined) {
      view = newServerView(plan);
      this.servers.set(plan.uuid, view);
      this.serversEver.push(view);
    }
    view.status = change.status ?? view.status;
    view.statusMessage = change.statusMessage ?? view.statusMessage;
    view.name = change.name ?? view.name;
    view.tags = change.tags ?? view.tags;
    view.osSlug = change.osSlug ?? view.osSlug;
    view.ipAddress = change.ipAddress ?? view.ipAddress;
    if (change.status === 'delivered') view.deliveredAtMs = change.atMs;
    if (change.status === 'released') view.releasedAtMs = change.atMs;
    if (change.status === 'released' || change.status === 'failed') {
      view.endedAtMs = change.atMs;
      this.#ended.push(view);
    }
    view.cachedJson = null;
  }

  #applyVm(cloud: CloudView, plan: VmPlan, change: VmChange): void {
    let view = this.#vmById.get(plan.id);
    if (view === undefined) {
      const { status } = change;
      view = {
        plan,
        cloud,
        status,
        createdKey: readingOf(this, 'i3d.vm-created-key'),
        node: null,
        ips: [],
        releasedAtMs: null,
        cachedJson: null,
      };
      this.#vmById.set(plan.id, view);
      this.vmsEver.push(view);
      cloud.vms.set(plan.id, view);
    }
    view.status = change.status;
    view.ips = change.ips ?? view.ips;
    if (change.node !== undefined) view.node = cloud.nodes.get(change.node.id) ?? null;
    if (change.status === 'deleted') {
      view.releasedAtMs = change.atMs;
      cloud.vms.delete(plan.id);
      this.#vmById.delete(plan.id);
    }
    view.cachedJson = null;
  }
}

function newServerView(plan: ServerPlan): ServerView {
  return {
    plan,
    status: 'created',
    statusMessage: 'OK',
    name: '',
    tags: [],
    osSlug: '',
    ipAddress: null,
    contractId: plan.contractId,
    deliveredAtMs: null,
    releasedAtMs: null,
    endedAtMs: null,
    cachedJson: null,
  };
}

function applyNode(cloud: CloudView, plan: NodePlan, change: NodeChange): void {
  if (change.status === 'deleted') {
    cloud.nodes.delete(plan.id);
    return;
  }
  const view = cloud.nodes.get(plan.id);
  if (view === undefined) cloud.nodes.set(plan.id, { plan, cloud, status: change.status });
  else view.status = change.status;
}

function buildLog(
  world: I3dWorld,
  clouds: ReadonlyMap<string, CloudView>,
  corrections: readonly Correction[],
): LogEntry[] {
  const log: LogEntry[] = corrections.map((correction) => ({
    kind: 'correction',
    atMs: correction.atMs,
    id: correction.resourceId,
    order: Number.POSITIVE_INFINITY,
    correction,
  }));
  for (const plan of world.servers) {
    plan.changes.forEach((change, order) => {
      log.push({ kind: 'server', atMs: change.atMs, id: plan.uuid, order, plan, change });
    });
  }
  for (const cloud of clouds.values()) {
    for (const plan of cloud.plan.nodes) {
      plan.changes.forEach((change, order) => {
        log.push({ kind: 'node', atMs: change.atMs, id: plan.id, order, cloud, plan, change });
      });
    }
  }
  for (const plan of world.vms) {
    const cloud = clouds.get(plan.cloud.id);
    if (cloud === undefined) throw new RangeError(`VM ${plan.id} is in no cloud of this world`);
    plan.changes.forEach((change, order) => {
      log.push({ kind: 'vm', atMs: change.atMs, id: plan.id, order, cloud, plan, change });
    });
  }
  return log.sort(
    (left, right) =>
      left.atMs - right.atMs || compareText(left.id, right.id) || left.order - right.order,
  );
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
