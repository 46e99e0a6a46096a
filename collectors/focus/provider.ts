/**
 * Bills of any provider that exports FOCUS Cost and Usage files, from a folder, a server or an object store.
 * Who sells what stands in the files: each seller's costs have a provider of their own, `focus-<seller>`.
 */
import type { Provider } from '../provider.ts';
import { credentialsSchema, focusAuthenticator } from './authenticator.ts';
import { costAndUsage } from './cost-and-usage.ts';

/** A server of files is asked once per file. */
const REQUESTS_PER_SECOND = 20;

export const focus: Provider = {
  id: 'focus',
  title: 'FOCUS files',
  baseUrl: 'file:///var/lib/meterhouse/focus/',
  credentials: credentialsSchema,
  authenticator: focusAuthenticator,
  // Servers of files answer with pages for people.
  errorMessage: () => null,
  requestsPerSecond: REQUESTS_PER_SECOND,
  connections: 2,
  streams: [costAndUsage],
  probeStreamId: costAndUsage.id,
  colour: '#7A8FA6',
  products: [
    {
      id: 'focus',
      title: 'Bills in FOCUS files',
      hasSellers: true,
      colour: '#7A8FA6',
      streams: 'focus',
      billingModels: [],
      focus: { issuer: 'FOCUS files', chargeFrequency: 'Usage-Based', paymentTerms: 'Invoice' },
      services: [],
    },
  ],
};
