/** Detectors of what stands about: stopped, failed, stuck, empty. */
import { voltageParkVm, type WasteCase } from './planted.ts';

export const STANDING: Readonly<Record<string, WasteCase>> = {
  // Off since the 24th: 7 whole days at 10 are 70 in 168 hours, so 730 of them cost 304.17.
  stopped_flexvm_vms_are_billed: {
    plant: async (planted) => {
      for (const [id, since] of [
        ['stopped', '2026-10-24T00:00:00Z'],
        ['stopped-today', '2026-10-30T13:00:00Z'],
      ] as const) {
        await planted.resource(id, { to: since });
        await planted.resource(id, { from: since, status: 'stopped' });
        await planted.cost(id, { perDay: '10' });
      }
      await planted.resource('running');
      await planted.cost('running', { perDay: '10' });
      await planted.resource('free', { status: 'stopped' });
      await planted.cost('free', { perDay: '0' });
    },
    finds: { stopped: '304.166666667' },
    says: 'a sku-1 in region-1, stopped since 2026-10-24',
  },

  // Failed at noon of the 28th: the 29th and the 30th are whole days: 48 / 48 h * 730 h.
  failed_vms_are_billed: {
    plant: async (planted) => {
      await planted.resource('failed', { to: '2026-10-28T12:00:00Z' });
      await planted.resource('failed', { from: '2026-10-28T12:00:00Z', status: 'failed' });
      await planted.cost('failed', { perDay: '7', to: '2026-10-29' });
      await planted.cost('failed', { perDay: '24', from: '2026-10-29' });
      await planted.resource('unpaid', { status: 'failed' });
    },
    finds: { failed: '730' },
    says: 'failed since 2026-10-28',
  },

  powered_off_servers_are_billed: {
    plant: async (planted) => {
      const server = { type: 'Bare Metal Server', provider: 'voltage-park', status: 'stopped' };
      await planted.resource('rental', server);
      await planted.cost('rental', { meter: 'bare-metal-hours', perDay: '48' });
      // A change of its name while it is off: it stays off since the 10th.
      const node = { type: 'Private Cloud Node', provider: 'openmetal', status: 'stopped' };
      await planted.resource('node', { ...node, from: '2026-10-10Z', to: '2026-10-31T06:00:00Z' });
      await planted.resource('node', { ...node, from: '2026-10-31T06:00:00Z' });
      await planted.cost('node', { meter: 'node-hours', perDay: '12' });
      await planted.resource('on', { ...server, status: 'running' });
      await planted.cost('on', { meter: 'bare-metal-hours', perDay: '48' });
    },
    finds: { rental: '1460', node: '365' },
    says: 'Private Cloud Node (sku-1), off since 2026-10-10',
  },

  // Only the compute: the disk (1 a day) would be billed on.
  stopped_voltage_park_vms_hold_their_gpus: {
    plant: async (planted) => {
      for (const [id, status] of [
        ['held', 'Stopped'],
        ['released', 'StoppedDisassociated'],
      ] as const) {
        await planted.resource(id, { provider: 'voltage-park', status: 'stopped' });
        await planted.cost(id, { perDay: '45.36' });
        await planted.cost(id, { meter: 'vm-storage-hours', perDay: '1' });
        const payload = voltageParkVm(status, { all: '1.95', disk: '0.06' });
        await planted.landed('voltage_park.virtual_machine', id, payload);
      }
    },
    finds: { held: '1379.7' }, // 45.36 / 24 h * 730 h
    says: '1x h100 held by a machine stopped since 2026-10-01, at 1.89 USD an hour',
  },

  disks_outlive_their_machines_use: {
    plant: async (planted) => {
      for (const [id, since] of [
        ['old', '2026-10-24T11:00:00Z'],
        ['young', '2026-10-24T13:00:00Z'],
      ] as const) {
        await planted.resource(id, { provider: 'voltage-park', status: 'stopped', from: since });
        await planted.cost(id, { meter: 'vm-storage-hours', perDay: '1.44' });
        const payload = voltageParkVm('StoppedDisassociated', { all: '1.95', disk: '0.06' });
        await planted.landed('voltage_park.virtual_machine', id, payload);
      }
    },
    finds: { old: '43.8' }, // 0.06 * 730 h
    says: '500 GB of disk of a machine that has not run since 2026-10-24',
  },

  // 50 of 1000 GB used: 95 % of 0.5 an hour * 730 h.
  volumes_stand_nearly_empty: {
    plant: async (planted) => {
      const level = async (id: string, gigabytes: number, from?: string, to?: string) =>
        planted.landed(
          'voltage_park.storage_volume_detail',
          id,
          { id, size_in_gb: 1000, used_capacity_bytes: gigabytes * 1e9 },
          {
            slice: id,
            ...(from === undefined ? {} : { from }),
            ...(to === undefined ? {} : { to }),
          },
        );
      for (const id of ['empty', 'fuller', 'emptied']) {
        await planted.resource(id, { type: 'Storage Volume', provider: 'voltage-park' });
        await planted.cost(id, { meter: 'storage-hours', perDay: '12' });
      }
      await level('empty', 40, '2026-10-01Z', '2026-10-30Z');
      await level('empty', 50, '2026-10-30Z');
      await level('fuller', 100);
      await level('emptied', 900, '2026-10-01Z', '2026-10-27Z');
      await level('emptied', 10, '2026-10-27Z');
    },
    finds: { empty: '346.75' },
    says: '50 of 1000 GB used, less than 10 % since 2026-10-01',
  },

  inactive_volumes_are_billed: {
    plant: async (planted) => {
      const volume = { type: 'Storage Volume', provider: 'voltage-park' };
      await planted.resource('inactive', { ...volume, status: 'stopped' });
      await planted.cost('inactive', { meter: 'storage-hours', perDay: '12' });
      await planted.resource('active', volume);
      await planted.cost('active', { meter: 'storage-hours', perDay: '12' });
    },
    finds: { inactive: '365' },
    says: 'inactive since 2026-10-01',
  },

  machines_stuck_in_transition_are_billed: {
    plant: async (planted) => {
      for (const [id, status, since] of [
        ['leaving', 'releasing', '2026-10-29T00:00:00Z'],
        ['coming', 'provisioning', '2026-10-30T14:00:00Z'],
      ] as const) {
        await planted.resource(id, { to: since });
        await planted.resource(id, { from: since, status });
        await planted.cost(id, { perDay: '6' });
      }
    },
    finds: { leaving: '182.5' }, // 0.25 * 730 h
    says: 'releasing for 60 hours',
  },

  flexvm_hosts_stand_empty: {
    plant: async (planted) => {
      const vm = (node: string) => ({ name: 'vm', status: 'running', node: { id: node } });
      for (const id of ['empty', 'occupied']) {
        await planted.resource(id, { type: 'Cloud Node' });
        await planted.cost(id, { meter: 'node-hours', perDay: '24' });
      }
      await planted.landed('flexvm.vm', 'vm-1', vm('occupied'));
      await planted.landed('flexvm.vm', 'vm-2', vm('empty'), { to: '2026-10-20T08:00:00Z' });
      // Billed by its machines: a host without any costs nothing.
      await planted.resource('free', { type: 'Cloud Node' });
    },
    finds: { empty: '730' },
    says: 'without a machine since 2026-10-20',
  },

  // Empty since the 29th at 8: one whole day at 48.
  flexvm_clouds_stand_empty: {
    plant: async (planted) => {
      const vm = (cloud: string) => ({ name: 'vm', status: 'running', cloud: { id: cloud } });
      for (const id of ['empty', 'occupied']) {
        await planted.resource(id, { type: 'Private Cloud' });
        await planted.cost(id, { meter: 'cloud-months', perDay: '24', to: '2026-10-30' });
        await planted.cost(id, { meter: 'cloud-months', perDay: '48', from: '2026-10-30' });
      }
      await planted.landed('flexvm.vm', 'vm-1', vm('occupied'));
      await planted.landed('flexvm.vm', 'vm-2', vm('empty'), { to: '2026-10-29T08:00:00Z' });
      // Billed by its machines: a cloud without any costs nothing.
      await planted.resource('free', { type: 'Private Cloud' });
    },
    finds: { empty: '1460' },
    says: 'a cloud of sku-1 hosts in region-1 without a machine since 2026-10-29',
  },
};
