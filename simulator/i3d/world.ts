/** Everything that ever happens in the simulated i3D account, fixed at construction by the seed. */
import { Random } from '../random.ts';
import { buildClouds, type CloudPlan } from './clouds.ts';
import { buildContracts, type ContractRow } from './contracts.ts';
import { buildRateCard, type RateCardRow } from './rate-card.ts';
import { buildServers, type WorldWindow } from './server-fleet.ts';
import type { ServerPlan } from './server-lifecycle.ts';
import { buildVms } from './vm-fleet.ts';
import type { VmPlan } from './vm-lifecycle.ts';

export interface I3dWorld extends WorldWindow {
  /** By creation and then id, as are `vms`. */
  readonly servers: readonly ServerPlan[];
  readonly clouds: readonly CloudPlan[];
  readonly vms: readonly VmPlan[];
  readonly contracts: readonly ContractRow[];
  readonly rateCard: readonly RateCardRow[];
  /** What the customer's own file says of the contracts; all when left out. */
  readonly toldContracts?: readonly ContractRow[];
}

export function buildWorld(seed: string, window: WorldWindow): I3dWorld {
  const { startMs, endMs, scale } = window;
  if (!(endMs > startMs)) throw new RangeError('a world must end after it starts');
  if (!(scale > 0)) throw new RangeError('a world needs a scale above zero');
  const random = new Random(`${seed}:i3d`);
  const contracts = buildContracts(startMs, endMs, scale);
  const rateCard = buildRateCard(random.fork('rate-card'), startMs, endMs, contracts);
  const servers = buildServers(random.fork('flexmetal'), window, contracts);
  const clouds = buildClouds(random.fork('clouds'), window);
  const vms = buildVms(random.fork('flexvm'), window, clouds);
  return { startMs, endMs, scale, servers, clouds, vms, contracts, rateCard };
}
