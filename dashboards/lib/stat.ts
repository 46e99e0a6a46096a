/** One number, large: the query gives one row, and one column per number. */
import { ACTUAL, tinted } from './colours.ts';
import type { FieldConfig } from './grafana.ts';
import { type Panel, type PanelText, panelOf } from './panel.ts';
import type { Quantity } from './units.ts';

export interface StatText extends PanelText {
  readonly quantity?: Quantity;
  /** `steps(…)`: a scale that colours the ground. Without one it is neutral. */
  readonly scale?: FieldConfig;
  readonly mappings?: FieldConfig['mappings'];
  /** The query gives a series: its last value is shown above a small chart. */
  readonly hasTrend?: boolean;
  /** The value is a word, not a number. */
  readonly isText?: boolean;
  /** Also name each column: for several numbers in one panel. */
  readonly isNamed?: boolean;
  /** The query gives `metric` and `value`: a number per row, named. */
  readonly isPerRow?: boolean;
}

export function stat(text: StatText): Panel {
  const isNamed = text.isNamed === true || text.isPerRow === true;
  // Behind a curve a coloured ground would hide the figure.
  const hasGround =
    text.scale !== undefined ||
    text.mappings !== undefined ||
    (text.isOfNow === true && text.hasTrend !== true);
  return panelOf('stat', text, text.hasTrend === true ? 'time_series' : 'table', {
    defaults: {
      ...text.quantity,
      color: { mode: 'fixed', fixedColor: neutralColour(text, hasGround) },
      ...(text.scale === undefined ? {} : tinted(text.scale)),
      ...(text.mappings === undefined ? {} : { mappings: text.mappings }),
    },
    options: {
      reduceOptions: {
        calcs: ['lastNotNull'],
        fields: text.isPerRow === true ? '/^value$/' : text.isText === true ? '/.*/' : '',
        values: text.isPerRow === true,
      },
      orientation: 'vertical',
      textMode: isNamed ? 'value_and_name' : 'value',
      colorMode: hasGround ? 'background' : 'value',
      graphMode: text.hasTrend === true ? 'area' : 'none',
      justifyMode: 'center',
      text: { valueSize: isNamed ? 22 : 28 },
    },
  });
}

function neutralColour({ hasTrend }: StatText, hasGround: boolean): string {
  if (hasGround) return 'transparent';
  return hasTrend === true ? ACTUAL : 'text';
}
