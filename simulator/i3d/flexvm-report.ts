/** FlexVM's monthly usage report and its capacity snapshots. */
import type { ReadingOf } from '../readings.ts';
import { HOUR_MS, instantText, monthStartMs, nextMonthStartMs } from './calendar.ts';
import { nodeCapacity } from './catalogue.ts';
import { badRequest, badValue } from './http.ts';
import type { CloudView, I3dState, VmView } from './state.ts';

export interface ReportPeriod {
  readonly startMs: number;
  /** Exclusive. */
  readonly endMs: number;
}

interface UsageTotals {
  total_vms_created: number;
  total_vms_released: number;
  total_vm_hours: number;
}

const INSTANT_PATTERN =
  /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** Reads `start` and `end`: both or neither; neither means the current UTC calendar month. */
export function readReportPeriod(query: URLSearchParams, nowMs: number): ReportPeriod {
  const start = query.get('start');
  const end = query.get('end');
  if (start === null && end === null) {
    return { startMs: monthStartMs(nowMs), endMs: nextMonthStartMs(nowMs) };
  }
  if (start === null) throw badRequest('start and end go together', 'start');
  if (end === null) throw badRequest('start and end go together', 'end');
  const period = { startMs: readInstantMs(start, 'start'), endMs: readInstantMs(end, 'end') };
  if (period.endMs <= period.startMs) throw badRequest('end must be after start', 'end');
  return period;
}

function readInstantMs(text: string, property: string): number {
  const match = INSTANT_PATTERN.exec(text);
  if (match === null) throw badValue('not an ISO 8601 instant', property);
  const [, date, time, , , zone] = match;
  const atMs = Date.parse(time !== undefined && zone === undefined ? `${text}Z` : text);
  const dayMs = Date.parse(`${date}T00:00:00Z`);
  // Date.parse lets the 31st of a short month roll over; a real API refuses it.
  const isRealDay = !Number.isNaN(dayMs) && instantText(dayMs).startsWith(date ?? '');
  if (Number.isNaN(atMs) || !isRealDay) throw badValue('no such instant', property);
  return atMs;
}

/** Whole hours, rounded up, of a VM's life inside the period and up to now. */
export function vmHours(
  createdAtMs: number,
  releasedAtMs: number | null,
  period: ReportPeriod,
  nowMs: number,
): number {
  const fromMs = Math.max(createdAtMs, period.startMs);
  const toMs = Math.min(releasedAtMs ?? nowMs, period.endMs);
  return toMs <= fromMs ? 0 : Math.ceil((toMs - fromMs) / HOUR_MS);
}

export function monthlyReport(
  state: I3dState,
  period: ReportPeriod,
  cloudUsage: ReadingOf<'i3d.cloud-usage'> = 'nested',
): unknown {
  const clouds = [...state.clouds.values()];
  const usageByCloud = new Map(clouds.map((cloud) => [cloud.plan.id, noUsage()]));
  const tags = new Map<string, { active_vms: number; usage: UsageTotals }>();
  const rows: unknown[] = [];
  for (const vm of state.vmsEver) {
    const hours = vmHours(vm.plan.createdAtMs, vm.releasedAtMs, period, state.nowMs);
    const isCreated = isWithin(vm.plan.createdAtMs, period);
    const isActive = vm.releasedAtMs === null;
    const isReported = hours > 0 || isCreated;
    if (!isReported && !isActive) continue;
    const usage = {
      total_vms_created: isCreated ? 1 : 0,
      total_vms_released: vm.releasedAtMs !== null && isWithin(vm.releasedAtMs, period) ? 1 : 0,
      total_vm_hours: hours,
    };
    addUsage(usageByCloud.get(vm.plan.cloud.id), usage);
    for (const tag of new Set(vm.plan.tags)) {
      const group = tags.get(tag) ?? { active_vms: 0, usage: noUsage() };
      tags.set(tag, group);
      if (isActive) group.active_vms += 1;
      addUsage(group.usage, usage);
    }
    if (isReported) rows.push(reportRow(vm, hours));
  }
  return {
    period: { start: instantText(period.startMs), end: instantText(period.endMs) },
    total_nodes: clouds.reduce((sum, cloud) => sum + cloud.nodes.size, 0),
    total_active_vms: clouds.reduce((sum, cloud) => sum + cloud.vms.size, 0),
    clouds: clouds.map((cloud) => ({
      id: cloud.plan.id,
      site: cloud.plan.site,
      instance_type: cloud.plan.instanceType,
      nodes: cloud.nodes.size,
      active_vms: cloud.vms.size,
      ...(cloudUsage === 'flat'
        ? usageByCloud.get(cloud.plan.id)
        : { period_usage: usageByCloud.get(cloud.plan.id) }),
    })),
    by_tag: [...tags.entries()]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([tag, group]) => ({ tag, active_vms: group.active_vms, ...group.usage })),
    vms: rows,
  };
}

function reportRow(vm: VmView, hours: number): unknown {
  const { plan } = vm;
  return {
    vm_id: plan.id,
    name: plan.name,
    status: vm.status,
    plan: plan.type.name,
    image: plan.image.name,
    cloud_id: plan.cloud.id,
    site: plan.cloud.site,
    tags: plan.tags,
    created_at: instantText(plan.createdAtMs),
    released_at: vm.releasedAtMs === null ? null : instantText(vm.releasedAtMs),
    vm_hours: hours,
  };
}

function isWithin(atMs: number, period: ReportPeriod): boolean {
  return period.startMs <= atMs && atMs < period.endMs;
}

function noUsage(): UsageTotals {
  return { total_vms_created: 0, total_vms_released: 0, total_vm_hours: 0 };
}

function addUsage(total: UsageTotals | undefined, usage: UsageTotals): void {
  if (total === undefined) throw new RangeError('a VM belongs to a cloud that is not listed');
  total.total_vms_created += usage.total_vms_created;
  total.total_vms_released += usage.total_vms_released;
  total.total_vm_hours += usage.total_vm_hours;
}

/** Nodes and resources of the given clouds right now; only running nodes carry VMs. */
export function capacitySnapshot(clouds: readonly CloudView[]): Record<string, unknown> {
  const quantityByType = new Map<string, number>();
  const total = { vcpu: 0, memory: 0, gpu: 0, nvme: 0 };
  const inUse = { vcpu: 0, memory: 0, gpu: 0, nvme: 0 };
  for (const cloud of clouds) {
    const type = cloud.plan.instanceType;
    const perNode = nodeCapacity(type);
    const running = [...cloud.nodes.values()].filter((node) => node.status === 'running').length;
    quantityByType.set(type, (quantityByType.get(type) ?? 0) + running);
    total.vcpu += running * perNode.vcpu;
    total.memory += running * perNode.memoryMb;
    total.gpu += running * perNode.gpuCount;
    total.nvme += running * perNode.nvmeCount;
    for (const vm of cloud.vms.values()) {
      if (vm.node === null) continue;
      inUse.vcpu += vm.plan.type.vcpu;
      inUse.memory += vm.plan.type.memoryMb;
      for (const device of vm.plan.type.pciDevices) inUse[device.type] += 1;
    }
  }
  const node_groups = [...quantityByType].map(([instance_type, quantity]) => ({
    instance_type,
    quantity,
  }));
  return {
    nodes: node_groups.reduce((sum, group) => sum + group.quantity, 0),
    node_groups,
    resources: {
      vcpu: balance(total.vcpu, inUse.vcpu),
      memory: balance(total.memory, inUse.memory),
      pci_devices: [
        { type: 'gpu', ...balance(total.gpu, inUse.gpu) },
        { type: 'nvme', ...balance(total.nvme, inUse.nvme) },
      ],
    },
  };
}

/** Total is always in use plus available, also where the random placement overbooks a cloud. */
function balance(total: number, inUse: number): Record<string, number> {
  const available = Math.max(0, total - inUse);
  return { total: inUse + available, in_use: inUse, available };
}
