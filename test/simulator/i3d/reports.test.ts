/** The usage reports against cases that were computed by hand. */
import { describe, expect, test } from 'vitest';
import { at, client, server, vm, vmWorld, world } from './support.ts';

const START_MS = at('07-01 00:00');

describe('FlexVM monthly report', () => {
  // July: a lives 07-31 22:30 - 08-01 01:10 (2 h in July, 2 in August); b 1 s over one hour (2 h);
  // c from 08-02 and alive: absent in July, present in August.
  const told = vmWorld([
    vm('b', at('07-10 10:00'), at('07-10 11:00') + 1000, ['env:dev', 'team:nlp']),
    vm('a', at('07-31 22:30'), at('08-01 01:10'), ['env:dev']),
    vm('c', at('08-02 00:00'), null),
  ]);

  test('counts whole hours of the life inside the window, rounded up per VM', () => {
    const api = client({ startMs: START_MS, world: told });
    api.clock.advanceTo(at('08-02 00:30'));
    const july = api.json(
      '/v3/flexVM/reports/monthly',
      'start=2026-07-01T00:00:00Z&end=2026-08-01T00:00:00Z',
    );
    expect(july).toMatchObject({
      period: { start: '2026-07-01T00:00:00Z', end: '2026-08-01T00:00:00Z' },
      total_nodes: 0,
      total_active_vms: 1,
      clouds: [
        {
          id: 'cloud-1',
          site: 'frmtl1',
          active_vms: 1,
          period_usage: { total_vms_created: 2, total_vms_released: 1, total_vm_hours: 4 },
        },
      ],
      by_tag: [
        {
          tag: 'env:dev',
          active_vms: 0,
          total_vms_created: 2,
          total_vms_released: 1,
          total_vm_hours: 4,
        },
        {
          tag: 'team:nlp',
          active_vms: 0,
          total_vms_created: 1,
          total_vms_released: 1,
          total_vm_hours: 2,
        },
      ],
    });
    expect(july.vms.map((row: VmRow) => [row.vm_id, row.vm_hours])).toEqual([
      ['b', 2],
      ['a', 2],
    ]);
  });

  test('takes the current UTC month and now by default', () => {
    const api = client({ startMs: START_MS, world: told });
    api.clock.advanceTo(at('08-02 00:30'));
    const august = api.json('/v3/flexVM/reports/monthly');
    expect(august.period).toEqual({ start: '2026-08-01T00:00:00Z', end: '2026-09-01T00:00:00Z' });
    const rows = august.vms.map((row: VmRow) => [row.vm_id, row.vm_hours, row.released_at]);
    expect(rows).toEqual([
      ['a', 2, '2026-08-01T01:10:00Z'],
      ['c', 1, null],
    ]);
    api.clock.advanceTo(at('08-02 01:01'));
    expect(api.json('/v3/flexVM/reports/monthly').vms[1].vm_hours).toBe(2);
  });

  test('still holds a VM that the list no longer shows', () => {
    const api = client({ startMs: START_MS, world: told });
    api.clock.advanceTo(at('07-10 11:00'));
    expect(api.json('/v3/flexVM/clouds/cloud-1/vms')).toHaveLength(1);
    api.clock.advanceTo(at('07-10 11:00') + 1000);
    expect(api.json('/v3/flexVM/clouds/cloud-1/vms')).toEqual([]);
    expect(api.get('/v3/flexVM/clouds/cloud-1/vms/b').status).toBe(404);
    expect(api.json('/v3/flexVM/reports/monthly').vms).toMatchObject([
      { vm_id: 'b', status: 'deleted' },
    ]);
  });
});

interface VmRow {
  readonly vm_id: string;
  readonly vm_hours: number;
  readonly released_at: string | null;
}

describe('FlexMetal usage', () => {
  test('clips each server to the window and rounds hours and minutes up', () => {
    const servers = [
      server('a', at('07-31 23:10'), at('08-01 02:00') + 1000),
      server('b', at('08-02 00:00'), null),
    ];
    const api = client({ startMs: START_MS, world: world({ servers }) });
    api.clock.advanceTo(at('08-02 00:20'));
    expect(api.json('/v3/flexMetal/usage', 'startDate=2026-07-01&endDate=2026-08-01')).toEqual([
      {
        server: api.json('/v3/flexMetal/servers/a')[0],
        startedAt: '2026-07-31T23:10:00Z',
        endedAt: '2026-08-01T00:00:00Z',
        totalHours: 1,
        totalMinutes: 50,
        bandwidthIn: 3000 * 10,
        bandwidthOut: 3000 * 20,
      },
    ]);
    expect(api.json('/v3/flexMetal/usage')).toMatchObject([
      { startedAt: '2026-08-01T00:00:00Z', totalHours: 3, totalMinutes: 121 },
      { endedAt: '2026-08-02T00:20:00Z', totalHours: 1, totalMinutes: 20 },
    ]);
  });
});
