/** Lines or stacked bars over time: the query gives `time`, `metric` and `value`, or a column per line. */
import { ACTUAL, paletteColours, providerColours } from './colours.ts';
import type { FieldConfig } from './grafana.ts';
import { type Panel, type PanelText, panelOf } from './panel.ts';
import type { Quantity } from './units.ts';

export interface TimeSeriesText extends PanelText {
  readonly quantity: Quantity;
  /** Bars for amounts of a day that add up; lines for states and prices; steps for what holds until it changes. */
  readonly shape: 'bars' | 'lines' | 'steps';
  /** The smallest step of the time axis; a day unless the rows are finer. */
  readonly interval?: string;
  readonly min?: number;
  readonly max?: number;
  /** Where the legend is, and what it says about each series. */
  readonly legend?: 'right' | 'below' | 'none';
  readonly legendTells?: readonly ('sum' | 'lastNotNull' | 'max' | 'min' | 'mean')[];
  readonly scale?: FieldConfig;
  /** Series without colours of their own: `teams` are named by mart.rpt_team_series, others are placed by name. */
  readonly palette?: 'teams' | 'names';
}

const SHAPES = {
  bars: {
    drawStyle: 'bars',
    fillOpacity: 85,
    lineWidth: 0,
    barAlignment: 1,
    barWidthFactor: 0.8,
    axisSoftMin: 0,
  },
  lines: { drawStyle: 'line', fillOpacity: 0, lineWidth: 2, lineInterpolation: 'linear' },
  steps: { drawStyle: 'line', fillOpacity: 8, lineWidth: 2, lineInterpolation: 'stepAfter' },
} as const;

export function timeSeries(text: TimeSeriesText): Panel {
  const legend = text.legend ?? 'below';
  return panelOf('timeseries', text, 'time_series', {
    defaults: {
      ...text.quantity,
      ...(text.min === undefined ? {} : { min: text.min }),
      ...(text.max === undefined ? {} : { max: text.max }),
      color: { mode: 'fixed', fixedColor: ACTUAL },
      ...text.scale,
      custom: {
        ...SHAPES[text.shape],
        stacking: { group: 'A', mode: text.shape === 'bars' ? 'normal' : 'none' },
        showPoints: text.shape === 'lines' ? 'auto' : 'never',
        pointSize: 4,
        spanNulls: false,
        axisPlacement: 'auto',
        axisLabel: '',
      },
    },
    overrides: text.palette === undefined ? providerColours() : paletteColours(),
    options: {
      legend: {
        showLegend: legend !== 'none',
        displayMode: legend === 'right' ? 'table' : 'list',
        placement: legend === 'right' ? 'right' : 'bottom',
        calcs: text.legendTells ?? [],
      },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
    interval: text.interval ?? '1d',
    isPlaced: text.palette === 'names',
  });
}
