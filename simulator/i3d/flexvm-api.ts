/** GET /v3/flexVM/…: collections are bare arrays, single objects are bare objects. */
import type { SimulatedRequest, SimulatedResponse } from '../provider.ts';
import type { ReadingOf } from '../readings.ts';
import { instantText } from './calendar.ts';
import { VM_IMAGES, VM_TYPES, type VmType } from './catalogue.ts';
import type { CloudPlan } from './clouds.ts';
import { capacitySnapshot, monthlyReport, readReportPeriod } from './flexvm-report.ts';
import { entityNotFound, FLEX_VM_RESULTS_DEFAULT, okArray, okJson, rangedPage } from './http.ts';
import type { CloudView, I3dState, NodeView, VmView } from './state.ts';

/** `segments` is the path behind `/v3/flexVM`. Throws an I3dRefusal for what does not exist. */
export function answerFlexVm(
  state: I3dState,
  segments: readonly string[],
  request: SimulatedRequest,
  cloudUsage: ReadingOf<'i3d.cloud-usage'>,
): SimulatedResponse {
  const [collection, ...rest] = segments;
  if (collection === 'clouds') return answerClouds(state, rest, request);
  switch (segments.join('/')) {
    case 'images':
      return okJson(rangedPage(request, VM_IMAGES, FLEX_VM_RESULTS_DEFAULT));
    case 'instanceTypes': {
      const page = rangedPage(request, VM_TYPES, FLEX_VM_RESULTS_DEFAULT);
      return okJson(page.map(vmTypeObject));
    }
    case 'capacity': {
      const page = rangedPage(request, [...state.clouds.values()], FLEX_VM_RESULTS_DEFAULT);
      return okJson(page.map(cloudCapacityObject));
    }
    case 'reports/monthly':
      return okJson(monthlyReport(state, readReportPeriod(request.query, state.nowMs), cloudUsage));
    case 'reports/capacity':
      return okJson(capacitySnapshot([...state.clouds.values()]));
    default:
      throw entityNotFound();
  }
}

function answerClouds(
  state: I3dState,
  segments: readonly string[],
  request: SimulatedRequest,
): SimulatedResponse {
  const [cloudId, collection, id, ...beyond] = segments;
  if (beyond.length > 0) throw entityNotFound();
  if (cloudId === undefined) {
    const page = rangedPage(request, [...state.clouds.values()], FLEX_VM_RESULTS_DEFAULT);
    return okJson(page.map((view) => cloudObject(view.plan)));
  }
  const cloud = state.clouds.get(cloudId);
  if (cloud === undefined) throw entityNotFound();
  if (collection === undefined) return okJson(cloudObject(cloud.plan));
  if (collection === 'nodes') return answerNodes(cloud, id, request);
  if (collection === 'vms') return answerVms(cloud, id, request);
  throw entityNotFound();
}

function answerNodes(
  cloud: CloudView,
  id: string | undefined,
  request: SimulatedRequest,
): SimulatedResponse {
  if (id === undefined) {
    const page = rangedPage(request, [...cloud.nodes.values()], FLEX_VM_RESULTS_DEFAULT);
    return okJson(page.map(nodeObject));
  }
  const node = cloud.nodes.get(id);
  if (node === undefined) throw entityNotFound();
  return okJson(nodeObject(node));
}

function answerVms(
  cloud: CloudView,
  id: string | undefined,
  request: SimulatedRequest,
): SimulatedResponse {
  if (id === undefined) {
    const status = request.query.get('status');
    const listed = [...cloud.vms.values()].filter(
      (vm) => status === null || status === '' || vm.status === status,
    );
    return okArray(rangedPage(request, listed, FLEX_VM_RESULTS_DEFAULT).map(vmJson));
  }
  const vm = cloud.vms.get(id);
  if (vm === undefined) throw entityNotFound();
  return { status: 200, body: vmJson(vm) };
}

function cloudObject(plan: CloudPlan): Record<string, unknown> {
  return {
    id: plan.id,
    name: plan.name,
    description: plan.description,
    site: plan.site,
    instance_type: plan.instanceType,
    created_at: instantText(plan.createdAtMs),
  };
}

function cloudCapacityObject(cloud: CloudView): Record<string, unknown> {
  const { id, name, site, instance_type, created_at } = cloudObject(cloud.plan);
  return { id, name, site, instance_type, created_at, ...capacitySnapshot([cloud]) };
}

function nodeObject(node: NodeView): Record<string, unknown> {
  const { id, name, serial } = node.plan;
  return { id, name, serial, status: node.status, cloud: cloudObject(node.cloud.plan) };
}

function vmTypeObject(type: VmType): Record<string, unknown> {
  const { id, name, vcpu, memoryMb, diskGb, pciDevices } = type;
  return { id, name, vcpu, memory: memoryMb, disk: diskGb, pciDevices };
}

/** Cached: a VM's node cannot change its status while the VM is on it. */
function vmJson(vm: VmView): string {
  vm.cachedJson ??= JSON.stringify({
    id: vm.plan.id,
    name: vm.plan.name,
    description: vm.plan.description,
    instance_type: vmTypeObject(vm.plan.type),
    image: vm.plan.image,
    status: vm.status,
    ips: vm.ips,
    cloud: cloudObject(vm.plan.cloud),
    node: vm.node === null ? null : nodeObject(vm.node),
    tags: vm.plan.tags,
    [vm.createdKey]: instantText(vm.plan.createdAtMs),
    deleted_at: '',
  });
  return vm.cachedJson;
}
