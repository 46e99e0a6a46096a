/** Every provider that Meterhouse knows. Schedule, documentation test and conformance suite read it. */

import type { Product } from '../foundation/product.ts';
import { fluence } from './fluence/provider.ts';
import { focus } from './focus/provider.ts';
import { i3d } from './i3d/provider.ts';
import { openmetal } from './openmetal/provider.ts';
import { prometheus } from './prometheus/provider.ts';
import type { Provider } from './provider.ts';
import type { Stream } from './stream.ts';
import { voltagePark } from './voltage-park/provider.ts';

export const PROVIDERS: readonly Provider[] = [
  i3d,
  voltagePark,
  fluence,
  openmetal,
  focus,
  prometheus,
];

/** Those that are asked endpoints, whose answers can be recorded and are described; the others deliver files or answer queries. */
export const ASKED_PROVIDERS: readonly Provider[] = PROVIDERS.filter(
  ({ streams, streamsOf }) =>
    streamsOf === undefined && streams.some(({ files }) => files === undefined),
);

export const PRODUCTS: readonly Product[] = PROVIDERS.flatMap(({ products }) => products);

/** Throws for an id that the configuration's check has not let through. */
export function findProvider(id: string): Provider {
  const provider = PROVIDERS.find((candidate) => candidate.id === id);
  if (provider === undefined) throw new Error(`no provider ${id}`);
  return provider;
}

export function streamById(id: string): Stream | null {
  for (const provider of PROVIDERS) {
    const stream = provider.streams.find((candidate) => candidate.id === id);
    if (stream !== undefined) return stream;
  }
  return null;
}
