/** Detectors of commitments that do not fit what runs. */
import type { Planted, WasteCase } from './planted.ts';

const FLEXMETAL = { provider: 'i3d-flexmetal' };
const SERVER = { ...FLEXMETAL, type: 'Bare Metal Server' };
const POOL = { ...FLEXMETAL, type: 'Committed Capacity' };

/** Idle hours of a pool on each of the 30 days, at 1 an hour. */
async function idlePool(planted: Planted, id: string, hours: string, region = 'region-1') {
  await planted.resource(id, { ...POOL, region });
  await planted.cost(id, { ...FLEXMETAL, meter: 'unused-commitment-hours', perDay: hours, hours });
}

async function server(
  planted: Planted,
  id: string,
  meter: string,
  perDay: string,
  region?: string,
) {
  await planted.resource(id, { ...SERVER, ...(region === undefined ? {} : { region }) });
  await planted.cost(id, { ...FLEXMETAL, meter, perDay });
}

export const COMMITMENTS: Readonly<Record<string, WasteCase>> = {
  // Of 4 * 720 = 2880 hours 12 * 30 = 360 were idle: 12.5 %; 360 * 730 / 720 h.
  commitments_stand_idle: {
    plant: async (planted) => {
      await planted.contract('C1', 'sku-1', 'region-1', 4);
      await idlePool(planted, 'C1/region-1/sku-1', '12');
      // 9 of 96 hours a day idle: above 90 % used.
      await planted.contract('C2', 'sku-1', 'region-2', 4);
      await idlePool(planted, 'C2/region-2/sku-1', '9', 'region-2');
      // It is over: nothing can be done any more.
      await planted.contract('C3', 'sku-1', 'region-3', 4, '2026-10-31Z');
      await idlePool(planted, 'C3/region-3/sku-1', '96', 'region-3');
      // 3 of 4 stood idle until the 20th; of the 2 that are committed since, none does.
      await planted.contract('C4', 'sku-1', 'region-4', 4, '2026-10-21Z');
      await planted.contract('C4', 'sku-1', 'region-4', 2, '2027-01-01Z', '2026-10-21Z');
      await planted.resource('C4/region-4/sku-1', { ...POOL, region: 'region-4' });
      await planted.cost('C4/region-4/sku-1', {
        ...FLEXMETAL,
        meter: 'unused-commitment-hours',
        perDay: '72',
        hours: '72',
        to: '2026-10-21',
      });
    },
    finds: { 'C1/region-1/sku-1': '365' },
    says: '87.5 % of the committed server-hours of the last 30 days were used; on average 0.5 of 4',
  },

  // 36 overflow hours a day at 2 elsewhere: 24 fit into the larger idle pool, 6 of 6 into the other.
  overflow_runs_while_another_pool_has_room: {
    plant: async (planted) => {
      await server(planted, 'over-1', 'overflow-server-hours', '48', 'region-2');
      await planted.resource('over-2', { ...SERVER, region: 'region-2' });
      await planted.cost('over-2', {
        ...FLEXMETAL,
        meter: 'overflow-server-hours',
        perDay: '24',
        hours: '12',
      });
      await planted.contract('C1', 'sku-1', 'region-1', 4);
      await idlePool(planted, 'C1/region-1/sku-1', '24');
      await planted.contract('C3', 'sku-1', 'region-3', 4);
      await idlePool(planted, 'C3/region-3/sku-1', '6', 'region-3');
      // This commitment is over, and the server that overflowed is gone: nothing can be done.
      await planted.contract('C4', 'sku-1', 'region-4', 4, '2026-10-31Z');
      await idlePool(planted, 'C4/region-4/sku-1', '48', 'region-4');
      await planted.resource('gone', { ...SERVER, region: 'region-2', status: 'ended' });
      await planted.cost('gone', {
        ...FLEXMETAL,
        meter: 'overflow-server-hours',
        perDay: '48',
      });
      // The pool that overflows itself has idle hours at other times of the day: no room elsewhere.
      await idlePool(planted, 'C2/region-2/sku-1', '5', 'region-2');
    },
    // 24 h * 2 * 30 days * 730 / 720, and 6 h.
    finds: { 'C1/region-1/sku-1': '1460', 'C3/region-3/sku-1': '365' },
    says: '720 overflow hours of sku-1 in other regions would have fitted into 720 idle hours',
  },

  // Two servers run 48 hours a day at 2 beside 30 idle ones: 30 * 2 * 30 days * 730 / 720.
  on_demand_servers_run_beside_idle_commitments: {
    plant: async (planted) => {
      await server(planted, 'server-1', 'server-hours', '48');
      await server(planted, 'server-2', 'server-hours', '48');
      await planted.contract('C1', 'sku-1', 'region-1', 2);
      await idlePool(planted, 'C1/region-1/sku-1', '30');
      // A server that is gone, and a commitment that is over, beside a server that runs.
      await planted.resource('gone', { ...SERVER, region: 'region-3', status: 'ended' });
      await planted.cost('gone', { ...FLEXMETAL, meter: 'server-hours', perDay: '48' });
      await planted.contract('C2', 'sku-1', 'region-2', 1, '2026-10-31Z');
      await idlePool(planted, 'C2/region-2/sku-1', '24', 'region-2');
      await planted.contract('C3', 'sku-1', 'region-3', 1);
      await server(planted, 'server-3', 'server-hours', '48', 'region-2');
      await idlePool(planted, 'C3/region-3/sku-1', '24', 'region-3');
    },
    finds: { 'C1/region-1/sku-1': '1825' },
    says: 'of up to 2 servers of sku-1 in region-1 on demand, 900 hours would have fitted',
  },

  // 48 a day at 2 an hour, 1.5 under the contract: a quarter of 1460.
  on_demand_servers_run_all_month: {
    plant: async (planted) => {
      for (const region of ['region-1', 'region-2']) {
        await planted.rate({ sku: 'sku-1', region, price: '2' });
        await planted.rate({ sku: 'sku-1', region, contract: 'C1', price: '1.5' });
      }
      await planted.rate({ sku: 'sku-1', region: 'region-3', price: '2' });
      // The contract of this region is over.
      await planted.rate({ sku: 'sku-1', region: 'region-4', price: '2' });
      await planted.rate({ sku: 'sku-1', region: 'region-4', contract: 'C4', price: '1.5' });
      await planted.contract('C4', 'sku-1', 'region-4', 4, '2026-10-15Z');
      await server(planted, 'contract-over', 'server-hours', '48', 'region-4');
      await server(planted, 'always-on', 'server-hours', '48');
      // In the region without a contract, and where committed hours are idle anyway.
      await server(planted, 'no-contract', 'server-hours', '48', 'region-3');
      await server(planted, 'beside-idle', 'server-hours', '48', 'region-2');
      await idlePool(planted, 'C1/region-2/sku-1', '24', 'region-2');
      // 28 days are less than 95 % of the month.
      await planted.resource('came-later', SERVER);
      await planted.cost('came-later', {
        ...FLEXMETAL,
        meter: 'server-hours',
        perDay: '48',
        from: '2026-10-03',
      });
    },
    finds: { 'always-on': '365' },
    says: '720 of the last 720 hours on demand at 2 EUR; contract C1 has the type for 1.5',
  },
};
