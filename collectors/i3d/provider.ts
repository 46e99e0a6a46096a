/** i3D.net: FlexVM and FlexMetal, with one tenant, one key and one host for both. */
import type { Provider } from '../provider.ts';
import { invoiceDetails } from './account/invoice-details.ts';
import { invoices } from './account/invoices.ts';
import { createAuthenticator, credentialsSchema } from './authenticator.ts';
import { errorMessage } from './error-message.ts';
import { commitCapacity } from './flexmetal/commit-capacity.ts';
import { locations } from './flexmetal/locations.ts';
import { plans } from './flexmetal/plans.ts';
import { quota } from './flexmetal/quota.ts';
import { servers } from './flexmetal/servers.ts';
import { usage } from './flexmetal/usage.ts';
import { capacity } from './flexvm/capacity.ts';
import { cloudCapacity } from './flexvm/cloud-capacity.ts';
import { clouds } from './flexvm/clouds.ts';
import { instanceTypes } from './flexvm/instance-types.ts';
import { monthlyReport } from './flexvm/monthly-report.ts';
import { nodes } from './flexvm/nodes.ts';
import { vms } from './flexvm/vms.ts';

export const i3d: Provider = {
  id: 'i3d',
  title: 'i3D.net FlexVM and FlexMetal',
  baseUrl: 'https://api.i3d.net',
  credentials: credentialsSchema,
  authenticator: createAuthenticator,
  errorMessage,
  // No limit is documented (open question 18).
  requestsPerSecond: 2,
  connections: 2,
  // Parents stand before the streams that are cut into their records.
  streams: [
    servers,
    usage,
    quota,
    commitCapacity,
    locations,
    plans,
    clouds,
    nodes,
    vms,
    instanceTypes,
    monthlyReport,
    capacity,
    cloudCapacity,
    invoices,
    invoiceDetails,
  ],
  probeStreamId: quota.id,
  colour: '#5794F2',
  products: [
    {
      id: 'i3d-flexvm',
      title: 'i3D.net FlexVM',
      colour: '#8AB8FF',
      streams: 'flexvm',
      billingModels: ['vm_hour', 'node_hour', 'fixed_month'],
      focus: { issuer: 'i3D.net', chargeFrequency: 'Usage-Based', paymentTerms: 'Net 30' },
      services: [{ name: 'FlexVM', category: 'Compute', subcategory: 'Virtual Machines' }],
    },
    {
      id: 'i3d-flexmetal',
      title: 'i3D.net FlexMetal',
      colour: '#1F60C4',
      streams: 'flexmetal',
      billingModels: [],
      focus: { issuer: 'i3D.net', chargeFrequency: 'Usage-Based', paymentTerms: 'Net 30' },
      services: [{ name: 'FlexMetal', category: 'Compute', subcategory: 'Other (Compute)' }],
    },
  ],
};
