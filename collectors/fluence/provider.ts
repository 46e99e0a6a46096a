/**
 * Fluence's CPU cloud, in the API generation of the seed: machines at /vms/v2, money in micro-USDC.
 * A missing or wrong key is answered with 403. Nothing tells a balance, a transaction or an invoice.
 */
import type { Provider } from '../provider.ts';
import { credentialsSchema, fluenceAuthenticator } from './authenticator.ts';
import { fluenceErrorMessage } from './error-message.ts';
import { marketplaceOffers } from './marketplace-offers.ts';
import { user } from './user.ts';
import { vms } from './vms.ts';

/** No limit is documented; a client of the vendor's community spaces its calls by half a second. */
const REQUESTS_PER_SECOND = 2;

export const fluence = {
  id: 'fluence',
  title: 'Fluence',
  baseUrl: 'https://api.fluence.dev',
  credentials: credentialsSchema,
  authenticator: fluenceAuthenticator,
  errorMessage: fluenceErrorMessage,
  requestsPerSecond: REQUESTS_PER_SECOND,
  connections: 1,
  streams: [vms, marketplaceOffers, user],
  probeStreamId: vms.id,
  colour: '#14B8A6',
  products: [
    {
      id: 'fluence',
      title: 'Fluence CPU Cloud',
      colour: '#14B8A6',
      streams: 'fluence',
      billingModels: [],
      focus: { issuer: 'Fluence', chargeFrequency: 'Usage-Based', paymentTerms: 'Prepaid' },
      services: [
        { name: 'Fluence CPU Cloud', category: 'Compute', subcategory: 'Virtual Machines' },
      ],
    },
  ],
} satisfies Provider;
