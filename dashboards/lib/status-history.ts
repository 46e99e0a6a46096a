/** One cell per subject and step of time: the query gives `time`, `metric` and `value`, a whole number. */
import { STATE } from './colours.ts';
import type { ValueMapping } from './grafana.ts';
import { type Panel, type PanelText, panelOf } from './panel.ts';

export interface StatusHistoryText extends PanelText {
  /** What each number means. Numbers, because Grafana's SQL series hold no words. */
  readonly words: Readonly<
    Record<number, { readonly text: string; readonly state: keyof typeof STATE }>
  >;
  readonly interval: string;
}

export function statusHistory(text: StatusHistoryText): Panel {
  return panelOf('status-history', text, 'time_series', {
    defaults: {
      mappings: [mappingOf(text.words)],
      color: { mode: 'fixed', fixedColor: STATE.unknown },
      custom: { fillOpacity: 80, lineWidth: 0 },
    },
    options: {
      showValue: 'never',
      rowHeight: 0.8,
      colWidth: 0.9,
      legend: { showLegend: true, displayMode: 'list', placement: 'bottom' },
      tooltip: { mode: 'single', sort: 'none' },
    },
    interval: text.interval,
  });
}

function mappingOf(words: StatusHistoryText['words']): ValueMapping {
  const options = Object.entries(words).map(
    ([value, { text, state }], index) => [value, { text, color: STATE[state], index }] as const,
  );
  return { type: 'value', options: Object.fromEntries(options) };
}
