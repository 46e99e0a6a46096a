/** A Fluence API on a real socket that works, or fails as it is told to. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type FakeAnswer, FakeApi } from '../../support/fake-api.ts';

export type Behaviour = 'well' | 'hangs' | 'asks for a year' | 'refuses' | 'answers HTML';

const FIXTURES = path.resolve(import.meta.dirname, '../../fixtures/fluence');
const PATHS = { '/vms/v2': 'fluence.vms', '/marketplace/offers': 'fluence.marketplace_offers' };
const YEAR_SECONDS = 31_536_000;
let started = 0;

export class HostileProvider {
  behaviour: Behaviour;
  readonly #api: FakeApi;

  private constructor(api: FakeApi, behaviour: Behaviour) {
    this.#api = api;
    this.behaviour = behaviour;
  }

  static async start(behaviour: Behaviour): Promise<HostileProvider> {
    const provider = new HostileProvider(await FakeApi.start(), behaviour);
    started += 1;
    const own = `$1${started}"`; // an account with another one's machines would be refused
    for (const [place, fixture] of Object.entries(PATHS)) {
      const text = await readFile(path.join(FIXTURES, `${fixture}.json`), 'utf8');
      const body = text.replaceAll(/("id": *"0x[0-9a-f]+)[0-9a-f]"/g, own);
      provider.#api.route(place, () => provider.#answer(body));
    }
    return provider;
  }

  get baseUrl(): string {
    return this.#api.baseUrl;
  }

  /** How often it was asked so far. */
  get asked(): number {
    return this.#api.requests.length;
  }

  close(): Promise<void> {
    return this.#api.close();
  }

  #answer(body: string): FakeAnswer | Promise<FakeAnswer> {
    switch (this.behaviour) {
      case 'well':
        return { body };
      case 'hangs':
        return new Promise<never>(() => undefined);
      case 'asks for a year':
        return { status: 429, headers: { 'retry-after': String(YEAR_SECONDS) }, body: {} };
      case 'refuses':
        return { status: 401, body: { error: 'unauthorized' } };
      case 'answers HTML':
        return { headers: { 'content-type': 'text/html' }, body: '<html>maintenance</html>' };
    }
  }
}
