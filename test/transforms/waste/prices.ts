/** Detectors of prices that are above what is asked elsewhere. */
import { voltageParkVm, type WasteCase } from './planted.ts';

export const PRICES: Readonly<Record<string, WasteCase>> = {
  rentals_cost_more_than_todays_list: {
    plant: async (planted) => {
      await planted.landed('voltage_park.instant_deploy_preset', 'preset', {
        resources: { gpus: { h100: { count: 1 } }, vcpu_count: 16, ram_gb: 128 },
        compute_rate_hourly: '1.80',
        storage_rate_hourly: '0.06',
        location_ids_with_availability: ['somewhere'],
      });
      // A list price of 0 is no offer.
      await planted.landed('voltage_park.instant_deploy_preset', 'unpriced', {
        resources: { gpus: { h100: { count: 1 } }, vcpu_count: 16, ram_gb: 128 },
        compute_rate_hourly: '0.00',
        storage_rate_hourly: '0.06',
        location_ids_with_availability: ['somewhere'],
      });
      // 2 against 1.8: a tenth of 1460. 1.85 is less than 5 % above it.
      for (const [id, all] of [
        ['dear', '2.06'],
        ['fair', '1.91'],
      ] as const) {
        await planted.resource(id, { provider: 'voltage-park' });
        await planted.cost(id, { provider: 'voltage-park', perDay: '48' });
        const payload = voltageParkVm('Running', { all, disk: '0.06' });
        await planted.landed('voltage_park.virtual_machine', id, payload);
      }
      await planted.landed('voltage_park.bare_metal_location', 'location', {
        specs_per_node: { gpu_model: 'h100', gpu_count: 8 },
        gpu_count_ethernet: 16,
        gpu_price_ethernet: '1.50',
        gpu_count_infiniband: 0,
        gpu_price_infiniband: '1.00',
      });
      // 16 GPUs for 32 an hour: 2 each against 1.5 on the same network; on the other nothing is left.
      for (const [id, network] of [
        ['rental', 'ethernet'],
        ['rental-infiniband', 'infiniband'],
      ] as const) {
        await planted.cost(id, {
          provider: 'voltage-park',
          meter: 'bare-metal-hours',
          perDay: '768',
        });
        await planted.landed('voltage_park.bare_metal_rental', id, {
          name: id,
          status: 'Running',
          node_count: 2,
          network_type: network,
          specs_per_node: { gpu_model: 'h100', gpu_count: 8, cpu_count: 104, ram_gb: 1000 },
          rate_hourly: '32',
          creation_timestamp: '2026-09-01T00:00:00Z',
        });
      }
    },
    finds: { dear: '146', rental: '5840' }, // 32 * 730 h / 4
    says: '2 USD an hour for h100 ethernet, which the list has for 1.5',
  },

  // 1.6 at this pod, 2 paid: a fifth of 1460. At the other pod 2 is the price.
  openmetal_assets_cost_more_than_the_catalogue: {
    plant: async (planted) => {
      for (const [region, mils] of [
        ['region-1', 1600],
        ['region-2', 2000],
      ] as const) {
        await planted.landed(
          'openmetal.hardware',
          'large_v4',
          { products: [{ add_on_code: 'large_v4', hourly_cost_ltu_mils: mils }] },
          { slice: region },
        );
        const id = `node-in-${region}`;
        await planted.resource(id, { provider: 'openmetal', type: 'Bare Metal Server', region });
        await planted.cost(id, { provider: 'openmetal', meter: 'node-hours', perDay: '48' });
        await planted.landed(
          'openmetal.asset_log',
          id,
          {
            addon_code: 'large_v4',
            cost_in_cents: '200',
            created_at: '2026-09-01T00:00:00Z',
            nodes: [],
          },
          { slice: 'cloud' },
        );
      }
    },
    finds: { 'node-in-region-1': '292' },
    says: '2 USD an hour for large_v4 in region-1; the catalogue has it for 1.6',
  },

  // 2.4 an epoch against 1.8: a quarter of 73. The sold-out offer and the 5 % do not count.
  fluence_machines_are_offered_for_less: {
    plant: async (planted) => {
      for (const [id, micros] of [
        ['dear', '2400000'],
        ['fair', '1890000'],
      ] as const) {
        await planted.resource(id, { provider: 'fluence' });
        await planted.cost(id, { provider: 'fluence', meter: 'vm-epochs', perDay: '2.4' });
        await planted.landed('fluence.vm', id, {
          vmName: id,
          resources: [
            { type: 'VCPU', quantity: 2 },
            { type: 'RAM', quantity: 4096 },
            { type: 'STORAGE', quantity: 25600 },
          ],
          datacenter: { countryCode: 'US', cityCode: 'NYC', cityIndex: 1 },
          pricePerEpoch: micros,
          totalSpent: micros,
          reservedBalance: '0',
          createdAt: '+002026-09-01T00:00:00.000000000Z',
          nextBillingAt: '+002026-11-01T00:00:00.000000000Z',
        });
      }
      for (const [city, price, available] of [
        ['VNO', '1.8', 3],
        ['FRA', '0.9', 0],
      ] as const) {
        await planted.landed('fluence.offer', city, {
          configuration: { slug: 'cpu-2-ram-4gb-storage-25gb', price },
          datacenter: { countryCode: 'LT', cityCode: city, cityIndex: 1 },
          servers: [{ availableBasicInstances: available }],
        });
      }
    },
    finds: { dear: '18.25' },
    says: '2.4 USDC an epoch for a 2vcpu-4gib-25gib in us-nyc-1, offered in lt-vno-1 for 1.8',
  },
};
