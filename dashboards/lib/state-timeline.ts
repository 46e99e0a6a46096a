/**
 * States over time, a line per subject: the query gives `time`, `metric` and `value`, the place of the
 * state among `states` from 0 on (Grafana makes a line per metric of numbers only).
 */
import { placeMappings, STATE } from './colours.ts';
import { type Panel, type PanelText, panelOf } from './panel.ts';

export interface StateTimelineText extends PanelText {
  readonly states: Readonly<Record<string, keyof typeof STATE>>;
  readonly interval?: string;
}

export function stateTimeline(text: StateTimelineText): Panel {
  return panelOf('state-timeline', text, 'time_series', {
    defaults: {
      mappings: placeMappings(text.states),
      color: { mode: 'fixed', fixedColor: STATE.unknown },
      custom: { fillOpacity: 80, lineWidth: 0 },
    },
    options: {
      mergeValues: true,
      showValue: 'never',
      alignValue: 'left',
      rowHeight: 0.8,
      legend: { showLegend: true, displayMode: 'list', placement: 'bottom' },
      tooltip: { mode: 'single', sort: 'none' },
    },
    interval: text.interval ?? '1h',
  });
}
