/**
 * OpenMetal Central. The key needs billing permission on a cloud to read its subscription (an
 * owner's key has it); without it the cloud is priced from its nodes and the catalogue.
 */
import * as z from 'zod';
import type { Provider } from '../provider.ts';
import { openmetalAuthenticator } from './authenticator.ts';
import { availability } from './availability.ts';
import { cloudStats } from './cloud-stats.ts';
import { clouds } from './clouds.ts';
import { openmetalErrorMessage } from './error-message.ts';
import { locations } from './locations.ts';
import { orders } from './orders.ts';
import { organizations } from './organizations.ts';
import { prefixes } from './prefixes.ts';
import { products } from './products.ts';
import { subscription } from './subscription.ts';

const apiKeyCredentials = z.strictObject({
  api_key: z.string().min(1).describe('API key: Central, Organization Tools, API Keys'),
});
const oauthCredentials = z.strictObject({
  client_id: z.string().min(1).describe('OAuth client id: Central, Organization Tools, API Keys'),
  client_secret: z.string().min(1).describe('Secret of the OAuth client'),
});

/** No rate limit is documented. */
const REQUESTS_PER_SECOND = 1;

export const openmetal = {
  id: 'openmetal',
  title: 'OpenMetal',
  baseUrl: 'https://api.central.openmetal.io',
  credentials: z.union([apiKeyCredentials, oauthCredentials]),
  authenticator: openmetalAuthenticator,
  errorMessage: openmetalErrorMessage,
  requestsPerSecond: REQUESTS_PER_SECOND,
  connections: 2,
  /** Parents before the streams that are sliced by them. */
  streams: [
    organizations,
    locations,
    clouds,
    cloudStats,
    subscription,
    orders,
    prefixes,
    products,
    availability,
  ],
  probeStreamId: clouds.id,
  colour: '#E879B9',
  products: [
    {
      id: 'openmetal',
      title: 'OpenMetal',
      colour: '#E879B9',
      streams: 'openmetal',
      billingModels: [],
      focus: { issuer: 'OpenMetal', chargeFrequency: 'Recurring', paymentTerms: 'Per agreement' },
      services: [
        { name: 'OpenMetal Bare Metal', category: 'Compute', subcategory: 'Other (Compute)' },
        { name: 'OpenMetal Private Cloud', category: 'Compute', subcategory: 'Other (Compute)' },
      ],
    },
  ],
} satisfies Provider;
