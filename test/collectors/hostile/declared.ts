/** A small provider and stream, without the test runner, for processes of their own. */
import * as z from 'zod';
import type { Provider } from '../../../collectors/provider.ts';
import type { Stream } from '../../../collectors/stream.ts';

export const stream: Stream = {
  id: 'hostile.thing',
  description: 'A thing.',
  slices: { kind: 'whole' },
  operation: 'GET /things',
  request: () => ({ path: '/things' }),
  pagination: { kind: 'unpaged' },
  entities: [
    {
      name: 'hostile.thing',
      records: { shape: 'array', path: ['results'] },
      key: [['id']],
      schema: z.looseObject({
        id: z.string(),
        parts: z.array(z.looseObject({ n: z.int() })).nullish(),
      }),
      absence: 'gone',
    },
  ],
  schedule: '0 * * * *',
  staleAfterHours: 3,
  redactedFields: ['secret'],
};

export const provider: Provider = {
  id: 'hostile',
  title: 'Hostile',
  baseUrl: 'https://hostile.invalid',
  credentials: z.strictObject({}),
  authenticator: () => ({ headers: () => Promise.resolve({}), forget: () => undefined }),
  errorMessage: () => null,
  requestsPerSecond: 1,
  connections: 1,
  streams: [stream],
  products: [],
  colour: '#000000',
  probeStreamId: stream.id,
};
