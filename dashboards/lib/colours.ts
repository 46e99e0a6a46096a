/** Colours keep their meaning from one dashboard to the next. */
import { PRODUCTS, PROVIDERS } from '../../collectors/registry.ts';
import type { FieldConfig, FieldOverride, ValueMapping } from './grafana.ts';

/** By the provider of a cost. Green, yellow, orange and red are kept for states. */
export const PROVIDER_COLOURS: Readonly<Record<string, string>> = Object.fromEntries(
  PRODUCTS.map(({ id, colour }) => [id, colour]),
);

/** Names of Grafana's, each a shade of its own in the dark and in the light theme. For areas, bars and lines. */
export const STATE = {
  ok: 'green',
  warning: 'yellow',
  risk: 'orange',
  broken: 'red',
  unknown: '#8E8E8E',
} as const;

/**
 * The same behind text. No yellow or orange can be read on white, so a state colours the ground and the text
 * keeps the theme's own colour, which Grafana gives it on grounds of less than 0.3 opacity.
 */
export const TINT: Readonly<Record<keyof typeof STATE, string>> = {
  ok: 'rgba(86, 166, 75, 0.25)',
  warning: 'rgba(242, 204, 12, 0.25)',
  risk: 'rgba(255, 120, 10, 0.28)',
  broken: 'rgba(224, 47, 68, 0.28)',
  unknown: 'rgba(142, 142, 142, 0.25)',
};

/** Lines of one subject: what came, what is expected, what is allowed. The first is also read: bars write their value in it. */
export const ACTUAL = 'blue';
export const EXPECTED = 'light-blue';
export const ALLOWED = '#8E8E8E';

/** For what has no colour of its own, such as teams and SKUs: none that is a state's, neighbours far apart. */
export const PALETTE = [
  '#5794F2',
  '#C757BE',
  '#0E97A8',
  '#9A6BE8',
  '#7286A0',
  '#D6589F',
  '#2593D0',
  '#B25FD6',
  '#4A74DB',
  '#7A72E0',
] as const;

/** Series by their place in the palette, which their names carry as spaces at the end; no team is grey. */
export function paletteColours(): FieldOverride[] {
  const placed = PALETTE.map(
    (colour, place): FieldOverride => ({
      matcher: { id: 'byRegexp', options: `/[^ ] {${place}}$/` },
      properties: [{ id: 'color', value: { mode: 'fixed', fixedColor: colour } }],
    }),
  );
  return [...placed, seriesColour('(no team)', STATE.unknown)];
}

/** A scale of states behind text: its colours tinted. */
export function tinted({ thresholds, color }: FieldConfig): FieldConfig {
  if (thresholds === undefined) return color === undefined ? {} : { color };
  const stepsTinted = thresholds.steps.map(({ value, color: name }) => ({
    value,
    color: tintOf(name),
  }));
  return { thresholds: { ...thresholds, steps: stepsTinted }, ...(color && { color }) };
}

function tintOf(colour: string): string {
  const state = STATES.find((name) => STATE[name] === colour);
  if (state === undefined) throw new Error(`${colour} is no state's colour`);
  return TINT[state];
}

const STATES = Object.keys(STATE) as (keyof typeof STATE)[];

/** Words of a state to its colour, as value mappings of a table cell. */
export function stateMappings(words: Readonly<Record<string, keyof typeof STATE>>): ValueMapping[] {
  const options = Object.entries(words).map(
    ([word, state], index) => [word, { color: TINT[state], index }] as const,
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
