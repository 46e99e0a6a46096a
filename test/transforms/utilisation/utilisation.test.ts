/**
 * Goal: paid hours and cost are split by measured use, to the last unit, and what is not measured is unknown.
 * Method: a server of metrics over HTTP, the collector, the refresh; the right values are worked out by hand.
 */
import { describe, expect, it } from 'vitest';
import { testDatabase } from '../../support/postgres.ts';
import {
  ACTIVE,
  ALLOCATED,
  always,
  collected,
  matrix,
  paidMachine,
  servedMetrics,
  utilisation,
} from './world.ts';

const MACHINE = { id: 'm-1', name: 'alpha', gpus: 2, cost: '100' };
const busy = (gpu: string, values: readonly (string | null)[], more = {}) => ({
  labels: { host: 'alpha:9400', gpu, ...more },
  values,
});

describe('the use of a machine with two GPUs that costs 100 a day (48 GPU-hours)', () => {
  it('is active and idle by what each GPU did', async () => {
    const { pool } = await testDatabase();
    await paidMachine(pool, MACHINE);
    const answer = matrix([busy('0', always('100')), busy('1', always('25'))]);
    await collected(pool, await servedMetrics({ [ACTIVE.query]: answer }), [ACTIVE]);
    // 24 + 6 of 48 GPU-hours are active.
    expect(await utilisation(pool)).toEqual(['m-1: 30 + 18 + 0 + 0 h, 62.5 + 37.5 + 0 + 0 USD']);
    expect(await utilisation(pool)).toEqual(['m-1: 30 + 18 + 0 + 0 h, 62.5 + 37.5 + 0 + 0 USD']);
  });

  it('is unknown where a GPU, an hour or a number is missing, and never idle', async () => {
    const { pool } = await testDatabase();
    await paidMachine(pool, MACHINE);
    const holes = [...always('0').slice(0, 12), null, 'NaN', '+Inf', ...always('50').slice(15)];
    const answer = matrix([busy('0', holes)]);
    await collected(pool, await servedMetrics({ [ACTIVE.query]: answer }), [ACTIVE]);
    // GPU 0: 12 h idle, 9 h half active, 3 h unknown; GPU 1: 24 h unknown.
    expect(await utilisation(pool)).toEqual([
      'm-1: 4.5 + 16.5 + 0 + 27 h, 9.375 + 34.375 + 0 + 56.25 USD',
    ]);
  });

  it('counts a GPU once that two exporters report, by the larger value', async () => {
    const { pool } = await testDatabase();
    await paidMachine(pool, MACHINE);
    const twice = ['a', 'b'].map((job, index) =>
      busy('0', always(index === 0 ? '40' : '50'), { job }),
    );
    const answer = matrix([...twice, busy('1', always('0'))]);
    await collected(pool, await servedMetrics({ [ACTIVE.query]: answer }), [ACTIVE]);
    expect(await utilisation(pool)).toEqual(['m-1: 12 + 36 + 0 + 0 h, 25 + 75 + 0 + 0 USD']);
  });

  it('is unallocated where nobody had reserved it, and unknown where no reservation is reported', async () => {
    const { pool } = await testDatabase();
    await paidMachine(pool, MACHINE);
    const active = matrix([busy('0', always('50')), busy('1', always('0'))]);
    const reserved = [
      ...always('1').slice(0, 12),
      ...always('2').slice(12, 18),
      ...Array(6).fill(null),
    ];
    const allocated = matrix([{ labels: { node: 'm-1' }, values: reserved }]);
    const api = await servedMetrics({ [ACTIVE.query]: active, [ALLOCATED.query]: allocated });
    await collected(pool, api, [ACTIVE, ALLOCATED]);
    // Active 0.5 GPUs all day. 12 h: 0.5 of 1 reserved idle, 1 free; 6 h: 1.5 idle; 6 h: 1.5 unknown.
    expect(await utilisation(pool)).toEqual([
      'm-1: 12 + 15 + 12 + 9 h, 25 + 31.25 + 25 + 18.75 USD',
    ]);
  });

  it('keeps the sum where thirds do not', async () => {
    const { pool } = await testDatabase();
    await paidMachine(pool, { ...MACHINE, gpus: 3, cost: '0.000000100' });
    const answer = matrix([busy('0', always('100')), busy('1', always('0'))]);
    await collected(pool, await servedMetrics({ [ACTIVE.query]: answer }), [ACTIVE]);
    // Thirds of 100 units of 1e-9: 33, 67 - 33, 100 - 67.
    expect(await utilisation(pool)).toEqual([
      'm-1: 24 + 24 + 0 + 24 h, 0.000000033 + 0.000000034 + 0 + 0.000000033 USD',
    ]);
  });

  it('is unknown as a whole when labels name no machine or two, and when nothing is measured', async () => {
    const { pool } = await testDatabase();
    await paidMachine(pool, MACHINE);
    await paidMachine(pool, { ...MACHINE, id: 'm-2' });
    const stray = { labels: { host: 'omega', gpu: '0' }, values: always('0') };
    const answer = matrix([busy('0', always('0')), stray]);
    await collected(pool, await servedMetrics({ [ACTIVE.query]: answer }), [ACTIVE]);
    expect(await utilisation(pool)).toEqual([
      'm-1: 0 + 0 + 0 + 48 h, 0 + 0 + 0 + 100 USD',
      'm-2: 0 + 0 + 0 + 48 h, 0 + 0 + 0 + 100 USD',
    ]);
  });

  it('of GPUs is not what a busy or an idle CPU says, measured or not', async () => {
    const { pool } = await testDatabase();
    await paidMachine(pool, MACHINE);
    await paidMachine(pool, { ...MACHINE, id: 'm-2', name: 'beta' });
    const cpu = { ...ACTIVE, name: 'cpu', query: 'cpu', unit: 'ratio', device_label: undefined };
    const gpu = (host: string, label: string) => ({
      labels: { host, gpu: label },
      values: always('0'),
    });
    const api = await servedMetrics({
      [ACTIVE.query]: matrix([gpu('alpha', '0'), gpu('alpha', '1'), gpu('beta', '0')]),
      cpu: matrix([
        { labels: { host: 'alpha' }, values: always('1') },
        { labels: { host: 'beta' }, values: always('0') },
      ]),
    });
    await collected(pool, api, [ACTIVE, cpu]);
    expect(await utilisation(pool)).toEqual([
      'm-1: 0 + 48 + 0 + 0 h, 0 + 100 + 0 + 0 USD',
      'm-2: 0 + 24 + 0 + 24 h, 0 + 50 + 0 + 50 USD',
    ]);
  });

  it('is forgotten when no metric is declared any more', async () => {
    const { pool } = await testDatabase();
    await paidMachine(pool, MACHINE);
    const api = await servedMetrics({});
    await collected(pool, api, [ACTIVE]);
    expect(await utilisation(pool)).toHaveLength(1);
    await collected(pool, api, []);
    expect(await utilisation(pool)).toEqual([]);
  });
});
