/**
 * Goal: what we ask is what the providers describe. Method: read every fixture through the production
 * client from a server on loopback, and hold each request that came over the socket against the
 * operation that its stream names.
 */
import { describe, expect, test } from 'vitest';
import { HttpClient } from '../../collectors/http/client.ts';
import { DEFAULT_HTTP_SETTINGS } from '../../collectors/http/settings.ts';
import type { Provider } from '../../collectors/provider.ts';
import { readAccount } from '../../collectors/read-account.ts';
import { ASKED_PROVIDERS } from '../../collectors/registry.ts';
import { DEFAULT_SWEEP_LIMITS } from '../../collectors/run-stream.ts';
import { monthSlice } from '../../collectors/slices.ts';
import type { Slice, Stream } from '../../collectors/stream.ts';
import { keysOf } from '../../collectors/validate-records.ts';
import { pageOf } from '../collectors/conformance/honest-pages.ts';
import { bodyOf, parentOf, SPECIMENS, type Specimen } from '../collectors/conformance/specimen.ts';
import { canaryCredentials } from '../collectors/conformance/world.ts';
import { FakeApi, type FakeRequest } from '../support/fake-api.ts';
import { describedOperation } from './described.ts';
import { requestDefects } from './request-defects.ts';

const NOW_MS = Date.UTC(2026, 9, 15);

/** The slices of which the provider's fixtures tell. */
function slicesOf(specimen: Specimen): Slice[] {
  const { slices } = specimen.stream;
  if (slices.kind === 'whole') return [{ name: '' }];
  if (slices.kind === 'months') return ['2026-09', '2026-10'].map(monthSlice);
  if (slices.kind === 'metric-days') return [];
  const parent = parentOf(specimen, slices.entity);
  const entity = parent.stream.entities.find(({ name }) => name === slices.entity);
  const keys = entity === undefined ? [] : keysOf(entity, bodyOf(parent));
  return keys.flatMap((name) => (name === null ? [] : [{ name }]));
}

/** What came over the socket, by the stream that asked. */
async function requestsOf(provider: Provider): Promise<Map<string, FakeRequest[]>> {
  const api = await FakeApi.start();
  const specimens = SPECIMENS.filter((specimen) => specimen.provider === provider);
  for (const specimen of specimens) {
    for (const slice of slicesOf(specimen)) {
      const { path } = specimen.stream.request(slice);
      api.route(new URL(path, api.baseUrl).pathname, (request) =>
        pageOf(specimen.stream, specimen.text, request),
      );
    }
  }
  const client = new HttpClient({
    accountId: 'contracts',
    baseUrl: api.baseUrl,
    provider,
    credentials: canaryCredentials(provider),
    settings: { ...DEFAULT_HTTP_SETTINGS, requestsPerSecond: 0 },
    nowMs: () => NOW_MS,
  });
  const begun: { readonly stream: Stream; readonly from: number }[] = [];
  const answers = await readAccount({
    client,
    streams: provider.streams,
    nowMs: NOW_MS,
    limits: DEFAULT_SWEEP_LIMITS,
    onSlice: (stream) => begun.push({ stream, from: api.requests.length }),
    onPage() {},
  });
  await client.close();
  await api.close();
  expect(answers.filter(({ outcome }) => outcome !== 'complete')).toEqual([]);
  const byStream = new Map<string, FakeRequest[]>();
  for (const [index, { stream, from }] of begun.entries()) {
    const ofSlice = api.requests.slice(from, begun[index + 1]?.from);
    byStream.set(stream.id, [...(byStream.get(stream.id) ?? []), ...ofSlice]);
  }
  return byStream;
}

describe.each(ASKED_PROVIDERS)('$id', (provider) => {
  test('is asked as it describes', async () => {
    const requests = await requestsOf(provider);
    expect([...requests.keys()].sort()).toEqual(provider.streams.map(({ id }) => id).sort());
    for (const stream of provider.streams) {
      const operation = describedOperation(provider, stream);
      const sent = requests.get(stream.id) ?? [];
      expect(sent.length, stream.id).toBeGreaterThan(0);
      for (const request of sent) {
        expect(requestDefects(stream, operation, request), stream.id).toEqual([]);
      }
    }
  });

  test.each(provider.streams)('is not asked $id in another way unnoticed', async (stream) => {
    const operation = describedOperation(provider, stream);
    const [sent] = (await requestsOf(provider)).get(stream.id) ?? [];
    if (sent === undefined) throw new Error(`${stream.id} was not asked`);
    const { authorization: _, 'private-token': __, ...nameless } = sent.headers;
    const { 'x-api-key': ___, 'x-api-token': ____, ...anonymous } = nameless;
    const wrong: readonly [FakeRequest, RegExp][] = [
      [{ ...sent, method: 'PUT' }, /^method /],
      [{ ...sent, path: `${sent.path}/more` }, /^path /],
      [{ ...sent, query: new URLSearchParams('meterhouse=1') }, /^query meterhouse /],
      [{ ...sent, headers: { ...sent.headers, 'x-meterhouse': '1' } }, /^header x-meterhouse /],
      [{ ...sent, body: sent.body === '' ? '{}' : '' }, /^body /],
    ];
    for (const [request, defect] of wrong) {
      expect(requestDefects(stream, operation, request)).toContainEqual(
        expect.stringMatching(defect),
      );
    }
    const unsigned = requestDefects(stream, operation, { ...sent, headers: anonymous });
    expect(unsigned.length > 0).toBe(stream.isPublic !== true);
  });
});
