/** Voltage Park On-Demand: virtual machines, bare metal and shared storage, billed by a ledger. */
import type { Provider } from '../provider.ts';
import { createAuthenticator, credentialsSchema } from './authenticator.ts';
import { bareMetal } from './bare-metal.ts';
import { bareMetalLocations } from './bare-metal-locations.ts';
import { errorMessage } from './error-message.ts';
import { hourlyRate } from './hourly-rate.ts';
import { instantDeployPresets } from './instant-deploy-presets.ts';
import { locations } from './locations.ts';
import { monthlyReport } from './monthly-report.ts';
import { organization } from './organization.ts';
import { storage } from './storage.ts';
import { storageDetail } from './storage-detail.ts';
import { storageHourlyRate } from './storage-hourly-rate.ts';
import { transactions } from './transactions.ts';
import { virtualMachines } from './virtual-machines.ts';

export const voltagePark: Provider = {
  id: 'voltage-park',
  title: 'Voltage Park On-Demand',
  baseUrl: 'https://cloud-api.voltagepark.com',
  credentials: credentialsSchema,
  authenticator: createAuthenticator,
  errorMessage,
  // No limit is documented; the API that this one descends from asked for one request a second.
  requestsPerSecond: 1,
  connections: 1,
  streams: [
    virtualMachines,
    bareMetal,
    storage,
    storageDetail,
    hourlyRate,
    storageHourlyRate,
    monthlyReport,
    transactions,
    bareMetalLocations,
    instantDeployPresets,
    locations,
    organization,
  ],
  probeStreamId: hourlyRate.id,
  colour: '#A352CC',
  products: [
    {
      id: 'voltage-park',
      title: 'Voltage Park On-Demand',
      colour: '#A352CC',
      streams: 'voltage_park',
      billingModels: [],
      focus: { issuer: 'Voltage Park', chargeFrequency: 'Usage-Based', paymentTerms: 'Prepaid' },
      services: [
        {
          name: 'Voltage Park Bare Metal',
          category: 'Compute',
          subcategory: 'Other (Compute)',
        },
        { name: 'Voltage Park Billing', category: 'Other', subcategory: 'Other (Other)' },
        { name: 'Voltage Park Storage', category: 'Storage', subcategory: 'File Storage' },
        { name: 'Voltage Park VM', category: 'Compute', subcategory: 'Virtual Machines' },
      ],
    },
  ],
};
