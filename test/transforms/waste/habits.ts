/** Detectors of habits: what the last 30 days lost to rounding, epochs, terms and weekends. */
import type { WasteCase } from './planted.ts';

export const HABITS: Readonly<Record<string, WasteCase>> = {
  // Twice 15 minutes billed as an hour of 0.96: 2 * 0.72 of it for nothing, * 730 / 720.
  short_lives_are_rounded_up: {
    plant: async (planted) => {
      for (const [id, sku, from, to, endedAt, hours, cost] of [
        ['quarter', 'sku-1', '2026-10-05', '2026-10-06', '2026-10-05T00:15:00Z', '1', '0.96'],
        ['quarter-again', 'sku-1', '2026-10-24', '2026-10-25', '2026-10-24T00:15:00Z', '1', '0.96'],
        ['most-of-it', 'sku-1', '2026-10-29', '2026-10-30', '2026-10-29T00:50:00Z', '1', '0.96'],
        ['long', 'sku-1', '2026-10-29', '2026-10-30', '2026-10-29T20:10:00Z', '21', '20.16'],
        // Not done any more: the last one went on the day before the last seven.
        ['given-up', 'sku-2', '2026-10-22', '2026-10-23', '2026-10-22T00:15:00Z', '1', '0.96'],
        ['given-up-last', 'sku-2', '2026-10-23', '2026-10-24', '2026-10-23T00:15:00Z', '1', '0.96'],
        ['once', 'sku-3', '2026-10-29', '2026-10-30', '2026-10-29T00:15:00Z', '1', '0.96'],
      ] as const) {
        await planted.resource(id, { from: `${from}T00:00:00Z`, sku, status: 'ended', endedAt });
        await planted.cost(id, { perDay: cost, hours, from, to });
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
    finds: { 'quarter-again': '1.46' },
    says: '2 machines of sku-1 in 30 days lived for 0.50 hours together and were billed for 2',
  },

  // Twice 3 of 24 hours used of an epoch of 2.4: 2 * 2.1 * 730 / 720.
  epochs_begin_just_before_deletion: {
    plant: async (planted) => {
      for (const [id, sku, startedAt, paidAt, endedAt] of [
        ['late', 'sku-1', '2026-10-19T18:00:00Z', '2026-10-20T18:00:00Z', '2026-10-20T21:00:00Z'],
        [
          'late-too',
          'sku-1',
          '2026-10-27T18:00:00Z',
          '2026-10-28T18:00:00Z',
          '2026-10-28T21:00:00Z',
        ],
        ['later', 'sku-1', '2026-10-28T18:00:00Z', '2026-10-29T18:00:00Z', '2026-10-30T00:00:00Z'],
        [
          'given-up',
          'sku-2',
          '2026-10-09T18:00:00Z',
          '2026-10-10T18:00:00Z',
          '2026-10-10T21:00:00Z',
        ],
        [
          'given-up-last',
          'sku-2',
          '2026-10-19T18:00:00Z',
          '2026-10-20T18:00:00Z',
          '2026-10-20T21:00:00Z',
        ],
        ['once', 'sku-3', '2026-10-27T18:00:00Z', '2026-10-28T18:00:00Z', '2026-10-28T21:00:00Z'],
      ] as const) {
        const life = { provider: 'fluence', status: 'ended', endedAt, sku };
        await planted.resource(id, { ...life, from: startedAt });
        await planted.epoch(id, startedAt, '2.4');
        await planted.epoch(id, paidAt, '2.4');
      }
      // Their first epochs: nothing could have been saved.
      for (const day of ['28', '29']) {
        const id = `brief-${day}`;
        await planted.resource(id, {
          provider: 'fluence',
          status: 'ended',
          sku: 'sku-4',
          from: `2026-10-${day}T18:00:00Z`,
          endedAt: `2026-10-${day}T19:00:00Z`,
        });
        await planted.epoch(id, `2026-10-${day}T18:00:00Z`, '2.4');
      }
    },
    finds: { 'late-too': '4.258333333' },
    says: '2 machines of sku-1 in 30 days went at most 6.0 hours into a last epoch of 24 (together)',
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
