/** A forecast's band between the columns `Low` and `80 % band`: filled, without lines of its own. */
import { EXPECTED } from './colours.ts';
import type { FieldOverride } from './grafana.ts';

export const BAND: readonly FieldOverride[] = [
  {
    matcher: { id: 'byName', options: 'Low' },
    properties: [
      { id: 'color', value: { mode: 'fixed', fixedColor: EXPECTED } },
      { id: 'custom.lineWidth', value: 0 },
      { id: 'custom.showPoints', value: 'never' },
      { id: 'custom.hideFrom', value: { legend: true, tooltip: false, viz: false } },
    ],
  },
  {
    matcher: { id: 'byName', options: '80 % band' },
    properties: [
      { id: 'color', value: { mode: 'fixed', fixedColor: EXPECTED } },
      { id: 'custom.lineWidth', value: 0 },
      { id: 'custom.showPoints', value: 'never' },
      { id: 'custom.fillBelowTo', value: 'Low' },
      { id: 'custom.fillOpacity', value: 25 },
    ],
  },
];
