/** Panels as they are written down: what they ask, in which `.sql` file, and how it is shown. */
import type { DataLink, FieldConfig, FieldOverride, ThresholdStep } from './grafana.ts';

export interface Panel {
  readonly type: string;
  /** Fits its width at 1440 pixels. May hold variables: `Spend per day (${unit})`. */
  readonly title: string;
  /** The question that it answers, its grain, and what it leaves out. */
  readonly description: string;
  /** Of 24 columns. */
  readonly width: number;
  /** Names of `.sql` files in the dashboard's folder, without the ending; one query each. */
  readonly queries: readonly Query[];
  readonly defaults: FieldConfig;
  readonly overrides: readonly FieldOverride[];
  readonly options: Readonly<Record<string, unknown>>;
  /** The smallest step of `$__interval`. */
  readonly interval?: string;
  readonly links?: readonly DataLink[];
}

export interface Query {
  readonly sql: string;
  readonly format: 'table' | 'time_series';
}

/** What every panel is given. */
export interface PanelText {
  readonly title: string;
  readonly description: string;
  readonly width: number;
  readonly sql: string | readonly string[];
  /** Shown in the place of a number or row that is not there, where that is good news or no news. */
  readonly emptyText?: string;
  readonly links?: readonly DataLink[];
  readonly overrides?: readonly FieldOverride[];
}

/** The colours of a scale from its first step on: `steps('ok', [80, 'warning'])` in STATE's colours. */
export function steps(first: string, ...rest: readonly [number, string][]): FieldConfig {
  const list: ThresholdStep[] = [
    { color: first, value: null },
    ...rest.map(([value, color]) => ({ color, value })),
  ];
  return { thresholds: { mode: 'absolute', steps: list }, color: { mode: 'thresholds' } };
}

/** The parts that all kinds of panels share. */
export function panelOf(
  type: string,
  text: PanelText,
  format: Query['format'],
  shown: Pick<Panel, 'defaults' | 'options'> & Partial<Pick<Panel, 'overrides' | 'interval'>>,
): Panel {
  const files = typeof text.sql === 'string' ? [text.sql] : text.sql;
  return {
    type,
    title: text.title,
    description: text.description,
    width: text.width,
    queries: files.map((sql) => ({ sql, format })),
    defaults: {
      ...shown.defaults,
      ...(text.emptyText === undefined ? {} : { noValue: text.emptyText }),
    },
    overrides: [...(shown.overrides ?? []), ...(text.overrides ?? [])],
    options: shown.options,
    ...(shown.interval === undefined ? {} : { interval: shown.interval }),
    ...(text.links === undefined ? {} : { links: text.links }),
  };
}
