/** Colours keep their meaning from one dashboard to the next. */
import { PRODUCTS, PROVIDERS } from '../../collectors/registry.ts';
import type { FieldOverride, ValueMapping } from './grafana.ts';

/** By the provider of a cost. Green, yellow, orange and red are kept for states. */
export const PROVIDER_COLOURS: Readonly<Record<string, string>> = Object.fromEntries(
  PRODUCTS.map(({ id, colour }) => [id, colour]),
);

export const STATE = {
  ok: '#73BF69',
  warning: '#FADE2A',
  risk: '#FF9830',
  broken: '#F2495C',
  unknown: '#8E8E8E',
} as const;

/** Lines of one subject: what came, what is expected, what is allowed. */
export const ACTUAL = '#3274D9';
export const EXPECTED = '#8AB8FF';
export const ALLOWED = '#8E8E8E';

/** Words of a state to its colour, as value mappings of a table cell or a state timeline. */
export function stateMappings(words: Readonly<Record<string, keyof typeof STATE>>): ValueMapping[] {
  const options = Object.entries(words).map(
    ([word, state], index) => [word, { color: STATE[state], index }] as const,
  );
  return [{ type: 'value', options: Object.fromEntries(options) }];
}

/** The same where the query gives the word's place, from 0 on: what Grafana draws over time are numbers. */
export function placeMappings(words: Readonly<Record<string, keyof typeof STATE>>): ValueMapping[] {
  const options = Object.entries(words).map(
    ([word, state], index) => [`${index}`, { text: word, color: STATE[state], index }] as const,
  );
  return [{ type: 'value', options: Object.fromEntries(options) }];
}

/** Each provider's series in its colour, whatever else is in the panel. */
export function providerColours(): FieldOverride[] {
  return Object.entries(PROVIDER_COLOURS).map(([provider, colour]) => ({
    matcher: { id: 'byName', options: provider },
    properties: [{ id: 'color', value: { mode: 'fixed', fixedColor: colour } }],
  }));
}

/** Each kind of streams in its product's colour, and what belongs to the account in its provider's. */
export function streamColours(): FieldOverride[] {
  const ofAccounts = PROVIDERS.map(({ id, colour }) => [id, colour] as const);
  const ofProducts = PRODUCTS.map(({ streams, colour }) => [streams, colour] as const);
  const colours = new Map([...ofAccounts, ...ofProducts]);
  return [...colours].map(([name, colour]) => seriesColour(name, colour));
}

/** A series by name in one colour; dashed for what has not happened. */
export function seriesColour(name: string, colour: string, isDashed = false): FieldOverride {
  return {
    matcher: { id: 'byName', options: name },
    properties: [
      { id: 'color', value: { mode: 'fixed', fixedColor: colour } },
      ...(isDashed ? [{ id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 6] } }] : []),
    ],
  };
}
