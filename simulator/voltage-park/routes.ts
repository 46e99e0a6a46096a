/** The read side of the document, endpoint by endpoint. */
import { formatNano } from '../decimal.ts';
import type { ReadingOf } from '../readings.ts';
import { RESOURCE_TYPES } from './billing.ts';
import { DAY_MS } from './durations.ts';
import type { BareMetalRental, LiveSet, StorageVolume, VirtualMachine } from './fleet.ts';
import {
  booleanQuery,
  type Call,
  choicesQuery,
  dayQuery,
  integerParameter,
  json,
  page,
  type Route,
  refuseMissing,
  uuidParameter,
  wholeList,
} from './http.ts';
import { ALL_TIME, type Ledger, type Window } from './ledger.ts';
import type { Market } from './market.ts';
import { type PriceBook, usdText } from './prices.ts';
import { rentalWire, virtualMachineWire, volumeDetailWire, volumeWire } from './wire.ts';

export interface ApiState {
  readonly organizationId: string;
  readonly rentalRate: ReadingOf<'voltage-park.rental-rate'>;
  readonly prices: PriceBook;
  readonly market: Market;
  readonly ledger: Ledger;
  readonly virtualMachines: LiveSet<VirtualMachine>;
  readonly rentals: LiveSet<BareMetalRental>;
  readonly volumes: LiveSet<StorageVolume>;
}

/** Literal paths come before the patterns that would also match them. */
export function routesOf(state: ApiState): Route[] {
  return [
    ...publicRoutes(state),
    ...billingRoutes(state),
    ...inventoryRoutes(state),
    ...storageRoutes(state),
    ...locationRoutes(state),
  ];
}

function billingRoutes({ ledger, organizationId }: ApiState): Route[] {
  return [
    {
      path: '/billing/hourly-rate',
      access: 'bearer',
      answer: ({ nowMs }) => json({ rate_hourly: usdText(ledger.hourlyRate(nowMs)) }),
    },
    {
      path: '/billing/transactions',
      access: 'bearer',
      answer: (call) => {
        const window = windowQuery(call);
        const types = choicesQuery(call, 'types', RESOURCE_TYPES);
        const transactions = ledger.listing(window, types, call.nowMs);
        const limits = { limitDefault: 30, limitMax: Number.MAX_SAFE_INTEGER };
        return page(call, limits, transactions, (transaction) =>
          ledger.row(transaction, window, call.nowMs),
        );
      },
    },
    {
      path: '/billing/reports/{year}/{month}/transactions',
      access: 'bearer',
      answer: (call) => {
        const year = integerParameter(call, 'year', { min: 1970, max: 9999 });
        const month = integerParameter(call, 'month', { min: 1, max: 12 });
        const window = { fromMs: Date.UTC(year, month - 1, 1), untilMs: Date.UTC(year, month, 1) };
        return json(ledger.report(window, call.nowMs));
      },
    },
    {
      path: '/organization/',
      access: 'bearer',
      answer: () =>
        json({
          id: organizationId,
          name: 'Simulated Organization',
          billing_notification_target_emails: ['finops@organization.test'],
          low_balance_emails_enabled: true,
        }),
    },
  ];
}

/** `earliest` and `latest` are UTC days, both inclusive. */
function windowQuery(call: Call): Window {
  const earliestMs = dayQuery(call, 'earliest');
  const latestMs = dayQuery(call, 'latest');
  if (earliestMs === null && latestMs === null) return ALL_TIME;
  return {
    fromMs: earliestMs ?? ALL_TIME.fromMs,
    untilMs: latestMs === null ? ALL_TIME.untilMs : latestMs + DAY_MS,
  };
}

function inventoryRoutes({ virtualMachines, rentals, volumes, rentalRate }: ApiState): Route[] {
  return [
    {
      path: '/virtual-machines/',
      access: 'bearer',
      answer: (call) =>
        page(call, { limitDefault: 10, limitMax: 100 }, virtualMachines.all(), virtualMachineWire),
    },
    {
      path: '/virtual-machines/{virtual_machine_id}',
      access: 'bearer',
      answer: (call) => {
        const machine = virtualMachines.get(uuidParameter(call, 'virtual_machine_id'));
        return json(virtualMachineWire(machine ?? refuseMissing('Virtual machine not found')));
      },
    },
    {
      path: '/bare-metal/',
      access: 'bearer',
      answer: (call) => {
        const attachable = volumes.all();
        return page(call, { limitDefault: 20, limitMax: 100 }, rentals.all(), (rental) =>
          rentalWire(rental, attachable, rentalRate),
        );
      },
    },
    {
      path: '/bare-metal/{baremetal_rental_id}',
      access: 'bearer',
      answer: (call) => {
        const rental = rentals.get(uuidParameter(call, 'baremetal_rental_id'));
        const found = rental ?? refuseMissing('Bare metal rental not found');
        return json(rentalWire(found, volumes.all(), rentalRate));
      },
    },
  ];
}

function storageRoutes({ volumes, prices }: ApiState): Route[] {
  return [
    {
      path: '/storage/hourly-rate',
      access: 'bearer-or-api-token',
      answer: ({ nowMs }) => {
        // Eight places: micro-USD per 100 GB, so that rate_hourly / size_in_gb agrees exactly.
        const nanoUsdPerGb = prices.at(nowMs).volume100Gb * 10n;
        return json({ hourly_rate_per_gb: formatNano(nanoUsdPerGb, 8) });
      },
    },
    {
      path: '/storage/',
      access: 'bearer-or-api-token',
      answer: (call) => page(call, { limitDefault: 20, limitMax: 100 }, volumes.all(), volumeWire),
    },
    {
      path: '/storage/{storage_id}',
      access: 'bearer-or-api-token',
      answer: (call) => {
        const volume = volumes.get(uuidParameter(call, 'storage_id'));
        return json(volumeDetailWire(volume ?? refuseMissing('Storage not found'), call.nowMs));
      },
    },
  ];
}

function publicRoutes({ market, prices }: ApiState): Route[] {
  return [
    {
      path: '/bare-metal/locations',
      access: 'public',
      answer: ({ nowMs }) => wholeList(market.bareMetalLocations(nowMs, prices.at(nowMs))),
    },
    {
      path: '/instant-deploy-presets/',
      access: 'public',
      answer: (call) => {
        const available = booleanQuery(call, 'available');
        const presets = market.presets(call.nowMs, prices.at(call.nowMs));
        const isWanted = (isAvailable: boolean) => available === null || available === isAvailable;
        return json(
          presets.filter((preset) => isWanted(preset.location_ids_with_availability.length > 0)),
        );
      },
    },
    {
      path: '/instant-deploy-presets/{instant_deploy_preset_id}',
      access: 'public',
      answer: (call) => {
        const id = uuidParameter(call, 'instant_deploy_preset_id');
        const presets = market.presets(call.nowMs, prices.at(call.nowMs));
        const preset = presets.find((candidate) => candidate.id === id);
        return json(preset ?? refuseMissing('Instant deploy preset not found'));
      },
    },
    {
      path: '/virtual-machines/instant/locations',
      access: 'public',
      answer: ({ nowMs }) => wholeList(market.instantLocations(nowMs, prices.at(nowMs))),
    },
    {
      path: '/virtual-machines/instant/locations/{location_id}',
      access: 'public',
      answer: (call) => {
        const id = uuidParameter(call, 'location_id');
        const locations = market.instantLocations(call.nowMs, prices.at(call.nowMs));
        const location = locations.find((candidate) => candidate.id === id);
        return json(location ?? refuseMissing('Location not found'));
      },
    },
  ];
}

function locationRoutes({ market, prices }: ApiState): Route[] {
  return [
    {
      path: '/locations/',
      access: 'bearer',
      answer: (call) => {
        const locations = market.locations(call.nowMs, prices.at(call.nowMs));
        return page(call, { limitDefault: 3, limitMax: 15 }, locations, (location) => location);
      },
    },
    {
      path: '/locations/{location_id}',
      access: 'bearer',
      answer: (call) => {
        const id = uuidParameter(call, 'location_id');
        const locations = market.locations(call.nowMs, prices.at(call.nowMs));
        const location = locations.find((candidate) => candidate.id === id);
        return json(location ?? refuseMissing('Location not found'));
      },
    },
    {
      path: '/hostnodes/{hostnode_id}',
      access: 'bearer',
      answer: (call) => {
        const id = uuidParameter(call, 'hostnode_id');
        const hostNode = market.hostNode(id, call.nowMs, prices.at(call.nowMs));
        return json(hostNode ?? refuseMissing('HostNode not found'));
      },
    },
  ];
}
