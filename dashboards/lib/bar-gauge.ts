/** A few amounts side by side, longest first: the query gives `metric` and `value`, a row each. */
import { ACTUAL } from './colours.ts';
import type { FieldConfig } from './grafana.ts';
import { type Panel, type PanelText, panelOf } from './panel.ts';
import type { Quantity } from './units.ts';

export interface BarGaugeText extends PanelText {
  readonly quantity: Quantity;
  readonly min?: number;
  readonly max?: number;
  readonly scale?: FieldConfig;
}

export function barGauge(text: BarGaugeText): Panel {
  return panelOf('bargauge', text, 'table', {
    defaults: {
      ...text.quantity,
      min: text.min ?? 0,
      ...(text.max === undefined ? {} : { max: text.max }),
      color: { mode: 'fixed', fixedColor: ACTUAL },
      ...text.scale,
    },
    options: {
      reduceOptions: { calcs: ['lastNotNull'], fields: '/^value$/', values: true, limit: 20 },
      orientation: 'horizontal',
      displayMode: 'basic',
      valueMode: 'text',
      showUnfilled: true,
      minVizHeight: 16,
      minVizWidth: 0,
      text: { titleSize: 12, valueSize: 14 },
    },
  });
}
