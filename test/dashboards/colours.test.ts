/**
 * Goal: text can be read in both themes, and a colour of a state means a state. Method: the contrast of
 * WCAG 2 computed from what Grafana draws: its themes' texts and grounds, and tints laid over the ground.
 */
import { describe, expect, test } from 'vitest';
import { ACTUAL, PALETTE, STATE, TINT } from '../../dashboards/lib/colours.ts';
import { renderDashboard } from '../../dashboards/lib/dashboard.ts';
import { ALL_DASHBOARDS } from '../../dashboards/render-all.ts';

type Rgb = readonly [number, number, number];

/** Panels' ground, and the text that Grafana sets on a tint of less than 0.3 opacity. */
const THEMES = {
  dark: { ground: rgb('#181B1F'), text: [247, 248, 250] as Rgb },
  light: { ground: rgb('#FFFFFF'), text: [32, 34, 38] as Rgb },
};
const themes = Object.entries(THEMES);

function rgb(hex: string): Rgb {
  const at = (place: number) => Number.parseInt(hex.slice(place, place + 2), 16);
  return [at(1), at(3), at(5)];
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
}

function contrast(one: Rgb, other: Rgb): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

/** `rgba(…)` over a ground. */
function over(ground: Rgb, tint: string): { colour: Rgb; opacity: number } {
  const [r = 0, g = 0, b = 0, opacity = 1] = (tint.match(/[\d.]+/g) ?? []).map(Number);
  const mixed = [r, g, b].map((part, i) => part * opacity + (ground[i] ?? 0) * (1 - opacity));
  return { colour: [mixed[0] ?? 0, mixed[1] ?? 0, mixed[2] ?? 0], opacity };
}

function hue([r, g, b]: Rgb): number {
  const most = Math.max(r, g, b);
  const range = most - Math.min(r, g, b);
  const sixth =
    most === r ? (g - b) / range : most === g ? (b - r) / range + 2 : (r - g) / range + 4;
  return (sixth * 60 + 360) % 360;
}

test('black on white is 21 to 1', () => {
  expect(contrast(rgb('#000000'), rgb('#FFFFFF'))).toBeCloseTo(21, 5);
});

describe.each(themes)('in the %s theme', (_, { ground, text }) => {
  test.each(Object.entries(TINT))('text on the ground of %s has 4.5 to 1', (_state, tint) => {
    const { colour, opacity } = over(ground, tint);
    // From 0.3 on Grafana takes white on all but the lightest grounds.
    expect(opacity).toBeLessThan(0.3);
    expect(contrast(text, colour)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(PALETTE)('%s stands out from the ground by 3 to 1', (colour) => {
    expect(contrast(rgb(colour), ground)).toBeGreaterThanOrEqual(3);
  });
});

test('the palette has no red, orange, yellow or green', () => {
  expect(new Set(PALETTE).size).toBe(PALETTE.length);
  for (const colour of PALETTE) {
    expect(hue(rgb(colour)), colour).toBeGreaterThan(170);
    expect(hue(rgb(colour)), colour).toBeLessThan(335);
  }
});

// What Grafana calls so in its dark and in its light theme.
const NAMED = {
  blue: { dark: '#5794F2', light: '#3274D9' },
  red: { dark: '#F2495C', light: '#E02F44' },
};

/** Bars write their value in their colour. */
test.each(Object.entries(NAMED))('%s can be read in both themes', (_, { dark, light }) => {
  expect(contrast(rgb(dark), THEMES.dark.ground)).toBeGreaterThanOrEqual(4.5);
  expect(contrast(rgb(light), THEMES.light.ground)).toBeGreaterThanOrEqual(4.5);
});

test('states have names of Grafana’s, which follow the theme', () => {
  const { unknown, ...named } = STATE;
  expect(Object.values(named)).toEqual(['green', 'yellow', 'orange', 'red']);
  expect(unknown).toMatch(/^#/);
});

describe.each(ALL_DASHBOARDS.map((source) => [source.name, renderDashboard(source)] as const))(
  '%s',
  (_, { panels }) => {
    test('colours no text, and takes no colour from a palette with those of states', () => {
      for (const { title, type, fieldConfig, options } of panels) {
        const written = JSON.stringify(fieldConfig ?? {});
        expect(written, title).not.toContain('palette-classic');
        expect(written, title).not.toContain('color-text');
        if (type === 'bargauge') expect(options?.valueMode, title).toBe('text');
        if (type !== 'stat' || options?.colorMode === 'background') continue;
        const colour = options?.graphMode === 'area' ? ACTUAL : 'text';
        expect(fieldConfig?.defaults.color, title).toEqual({ mode: 'fixed', fixedColor: colour });
      }
    });

    test('draws bars in colours that can be read', () => {
      const bars = panels.flatMap(({ type, fieldConfig }) => [
        ...(type === 'bargauge' ? [fieldConfig?.defaults] : []),
        ...(fieldConfig?.overrides ?? []).filter((override) =>
          JSON.stringify(override).includes('"gauge"'),
        ),
      ]);
      const colours = [...JSON.stringify(bars).matchAll(/"(?:color|fixedColor)":"([^"]+)"/g)];
      for (const [, colour] of colours) expect(Object.keys(NAMED)).toContain(colour);
    });

    test('colours a ground behind text by tints alone', () => {
      const grounds = panels.flatMap(({ type, options, fieldConfig }) => [
        ...(type === 'stat' && options?.colorMode === 'background'
          ? [fieldConfig?.defaults, ...(fieldConfig?.overrides ?? [])]
          : []),
        ...(fieldConfig?.overrides ?? []).filter((override) =>
          JSON.stringify(override).includes('color-background'),
        ),
      ]);
      const colours = [...JSON.stringify(grounds).matchAll(/"(?:color|fixedColor)":"([^"]+)"/g)];
      const tints: readonly string[] = [...Object.values(TINT), 'transparent'];
      for (const [, colour] of colours) expect(tints).toContain(colour);
    });
  },
);
