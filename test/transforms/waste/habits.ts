/** Detectors of habits: what the last 30 days lost to rounding, epochs, terms and weekends. */
import type { WasteCase } from './planted.ts';

export const HABITS: Readonly<Record<string, WasteCase>> = {
  // 15 minutes billed as an hour of 0.96: 0.72 of it for nothing, * 730 / 720.
  short_lives_are_rounded_up: {
    plant: async (planted) => {
      for (const [id, endedAt, hours, cost] of [
        ['quarter', '2026-10-05T00:15:00Z', '1', '0.96'],
        ['most-of-it', '2026-10-05T00:50:00Z', '1', '0.96'],
        ['long', '2026-10-05T20:10:00Z', '21', '20.16'],
      ] as const) {
        await planted.resource(id, { from: '2026-10-05T00:00:00Z', status: 'ended', endedAt });
        await planted.cost(id, { perDay: cost, hours, from: '2026-10-05', to: '2026-10-06' });
      }
      // It ended as it began, and no hour was billed.
      const at = '2026-10-05T10:00:00Z';
      await planted.resource('no-hour', { status: 'ended', from: at, endedAt: at });
      await planted.cost('no-hour', {
        perDay: '0',
        hours: '0',
        from: '2026-10-05',
        to: '2026-10-06',
      });
    },
    finds: { quarter: '0.73' },
    says: 'a sku-1 lived for 0.25 hours and was billed for 1',
  },

  // 3 of 24 hours used of an epoch of 2.4: 2.1 * 730 / 720.
  epochs_begin_just_before_deletion: {
    plant: async (planted) => {
      for (const [id, endedAt] of [
        ['late', '2026-10-20T21:00:00Z'],
        ['later', '2026-10-21T00:00:00Z'],
      ] as const) {
        const life = { provider: 'fluence', status: 'ended', endedAt };
        await planted.resource(id, { ...life, from: '2026-10-19T18:00:00Z' });
        await planted.epoch(id, '2026-10-19T18:00:00Z', '2.4');
        await planted.epoch(id, '2026-10-20T18:00:00Z', '2.4');
      }
      // Its first epoch: nothing could have been saved.
      await planted.resource('brief', {
        provider: 'fluence',
        status: 'ended',
        from: '2026-10-20T18:00:00Z',
        endedAt: '2026-10-20T19:00:00Z',
      });
      await planted.epoch('brief', '2026-10-20T18:00:00Z', '2.4');
    },
    finds: { late: '2.129166667' },
    says: 'gone by 2026-10-20 21:00, at most 3.0 of 24 hours into the epoch that began at 18:00',
  },

  // 3 days at 24: 72 * 730 / 720.
  removed_openmetal_assets_are_billed: {
    plant: async (planted) => {
      const asset = { type: 'IP Block', provider: 'openmetal', status: 'ended' };
      await planted.resource('removed', { ...asset, endedAt: '2026-11-08T00:00:00Z' });
      // Its term is over: nothing of it can be saved.
      await planted.resource('term-over', { ...asset, endedAt: '2026-10-13T00:00:00Z' });
      await planted.cost('term-over', {
        provider: 'openmetal',
        meter: 'ip-block-hours-after-removal',
        perDay: '24',
        from: '2026-10-10',
        to: '2026-10-13',
      });
      await planted.cost('removed', {
        provider: 'openmetal',
        meter: 'ip-block-hours-after-removal',
        perDay: '24',
        from: '2026-10-10',
        to: '2026-10-13',
      });
      await planted.resource('removed-at-the-end', asset);
      await planted.cost('removed-at-the-end', {
        provider: 'openmetal',
        meter: 'ip-block-hours-after-removal',
        perDay: '23',
        hours: '23',
        from: '2026-10-10',
        to: '2026-10-11',
      });
      await planted.resource('kept', { ...asset, status: 'running' });
      await planted.cost('kept', { provider: 'openmetal', meter: 'ip-block-hours', perDay: '24' });
    },
    finds: { removed: '73' },
    says: '72 hours paid after its removal; its term ends on 2026-11-08',
  },

  // 8 days at 42 in 28 * 24 hours: 336 * 730 / 672.
  development_machines_run_on_weekends: {
    plant: async (planted) => {
      for (const [id, environment, to] of [
        ['dev', 'dev', '2026-10-31'],
        ['prod', 'prod', '2026-10-31'],
        ['dev-off-once', 'dev', '2026-10-25'],
      ] as const) {
        await planted.resource(id, { provider: 'voltage-park' });
        await planted.owner(id, { environment });
        await planted.cost(id, { provider: 'voltage-park', perDay: '42', to });
        await planted.cost(id, {
          provider: 'voltage-park',
          meter: 'vm-storage-hours',
          perDay: '1',
        });
      }
    },
    finds: { dev: '365' },
    says: 'environment dev: 192 hours on the last 8 days of weekends',
  },
};
