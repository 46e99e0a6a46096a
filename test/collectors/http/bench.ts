/** What the tests of this folder share: a fake API, quick clients, a small provider and stream. */
import { test } from 'vitest';
import * as z from 'zod';
import {
  DEFAULT_HTTP_SETTINGS,
  HttpClient,
  type HttpSettings,
  type RequestCounters,
} from '../../../collectors/http/client.ts';
import type { Page } from '../../../collectors/http/parse-page.ts';
import { readPages, type SliceReading } from '../../../collectors/http/read-pages.ts';
import type { Authenticator, Credentials, Provider } from '../../../collectors/provider.ts';
import type { Stream } from '../../../collectors/stream.ts';
import { FakeApi } from '../../support/fake-api.ts';

/** If it is ever read outside a request header, something leaked. */
export const CANARY = 'canary-7f3a91c4e2d8';

export const FAST: HttpSettings = {
  ...DEFAULT_HTTP_SETTINGS,
  attemptsMax: 3,
  retryDelayMsMin: 1,
  retryDelayMsMax: 4,
  retryAfterMsMax: 500,
  requestsPerSecond: Number.POSITIVE_INFINITY,
};

export function provider(authenticator?: (credentials: Credentials) => Authenticator): Provider {
  return {
    id: 'acme',
    title: 'Acme',
    baseUrl: 'https://acme.invalid',
    credentials: z.strictObject({ api_key: z.string() }),
    authenticator:
      authenticator ??
      (({ api_key = '' }) => ({
        headers: () => Promise.resolve({ 'private-token': api_key }),
        forget: () => undefined,
      })),
    errorMessage: (text) => {
      try {
        return String((JSON.parse(text) as { detail?: unknown }).detail ?? '') || null;
      } catch {
        return null;
      }
    },
    requestsPerSecond: 2,
    connections: 4,
    streams: [],
    probeStreamId: 'acme.thing',
    colour: '#000000',
    products: [],
  };
}

/** Things under `results`, named by `id`. */
export function stream(overrides: Partial<Stream> = {}): Stream {
  return {
    id: 'acme.thing',
    description: 'A thing.',
    slices: { kind: 'whole' },
    operation: 'GET /things',
    request: () => ({ path: '/things' }),
    pagination: { kind: 'unpaged' },
    entities: [
      {
        name: 'acme.thing',
        records: { shape: 'array', path: ['results'] },
        key: [['id']],
        schema: z.looseObject({ id: z.string() }),
        absence: 'gone',
      },
    ],
    schedule: '0 * * * *',
    staleAfterHours: 3,
    ...overrides,
  };
}

export interface ClientOptions {
  readonly baseUrl?: string;
  readonly provider?: Provider;
  readonly settings?: Partial<HttpSettings>;
  readonly credentials?: Credentials;
  readonly nowMs?: number;
}

/** `it` with a fake API and a maker of clients of it; both are closed after the test. */
export const it = test.extend<{
  api: FakeApi;
  connect: (options?: ClientOptions) => HttpClient;
  counters: RequestCounters;
}>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixtures' names from a pattern
  api: async ({}, use) => {
    const api = await FakeApi.start();
    await use(api);
    await api.close();
  },
  connect: async ({ api }, use) => {
    const clients: HttpClient[] = [];
    await use((options = {}) => {
      const client = new HttpClient({
        accountId: 'acme-main',
        baseUrl: options.baseUrl ?? api.baseUrl,
        provider: options.provider ?? provider(),
        credentials: options.credentials ?? { api_key: CANARY },
        settings: { ...FAST, ...options.settings },
        nowMs: () => options.nowMs ?? 0,
      });
      clients.push(client);
      return client;
    });
    await Promise.all(clients.map((client) => client.close()));
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above
  counters: async ({}, use) => use({ requests: 0, retries: 0 }),
});

/** Reads the stream's only slice and keeps its pages. */
export async function read(
  client: HttpClient,
  counters: RequestCounters,
  declared: Stream,
  more: { pagesMax?: number; sweepMsMax?: number; signal?: AbortSignal; seen?: Page[] } = {},
): Promise<SliceReading & { readonly read: readonly Page[] }> {
  const { pagesMax = 20, sweepMsMax = 10_000, signal, seen = [] } = more;
  const reading = await readPages({
    stream: declared,
    slice: { name: '' },
    client,
    counters,
    limits: { pagesMax, recordsMax: 10_000, sweepMsMax },
    ...(signal === undefined ? {} : { signal }),
    onPage: (page) => {
      seen.push(page);
      return Promise.resolve();
    },
  });
  return { ...reading, read: seen };
}

/** The error that a promise was rejected with; fails when it was not. */
export async function failure<Kind extends Error>(
  promise: Promise<unknown>,
  kind: new (...parameters: never[]) => Kind,
): Promise<Kind> {
  const error = await promise.then(
    () => new Error('did not fail'),
    (reason: unknown) => reason,
  );
  if (error instanceof kind) return error;
  throw new Error(`expected ${kind.name}`, { cause: error });
}
