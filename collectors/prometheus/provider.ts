/**
 * Any server with Prometheus's HTTP API. It bills nothing: its accounts declare metrics, which say how the
 * resources of the other accounts are used.
 */
import type { Provider } from '../provider.ts';
import { credentialsSchema, prometheusAuthenticator } from './authenticator.ts';
import { prometheusErrorMessage } from './error-message.ts';
import { samplesOf } from './samples.ts';

/** A query over a day's hours may read millions of samples: one after the other. */
const REQUESTS_PER_SECOND = 5;

const samples = samplesOf([]);

export const prometheus: Provider = {
  id: 'prometheus',
  title: 'Prometheus',
  baseUrl: 'http://127.0.0.1:9090',
  credentials: credentialsSchema,
  authenticator: prometheusAuthenticator,
  errorMessage: prometheusErrorMessage,
  requestsPerSecond: REQUESTS_PER_SECOND,
  connections: 1,
  streams: [samples],
  streamsOf: (metrics) => [samplesOf(metrics)],
  probeStreamId: samples.id,
  colour: '#E6522C',
  products: [],
};
