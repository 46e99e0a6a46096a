/** Panels as they are written down: what they ask, in which `.sql` file, and how it is shown. */
import { TINT } from './colours.ts';
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
  /** It answers only while the data is current, or only while it is not. */
  readonly onlyWhile?: 'current' | 'outdated';
  /** Its series get places in the palette, by their names' order. */
  readonly isPlaced?: boolean;
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
  /** A figure of now: grey when the last transform is too old for that. */
  readonly isOfNow?: boolean;
}

/** The second query's frame, of what is outdated. */
function greyWhereOutdated(format: Query['format']): FieldOverride {
  // Without a ground, a curve and its figure have the text's own grey.
  const fixedColor = format === 'time_series' ? 'text' : TINT.unknown;
  return {
    matcher: { id: 'byFrameRefID', options: 'B' },
    properties: [{ id: 'color', value: { mode: 'fixed', fixedColor } }],
  };
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
  shown: Pick<Panel, 'defaults' | 'options'> &
    Partial<Pick<Panel, 'overrides' | 'interval'>> &
    Pick<Query, 'isPlaced'>,
): Panel {
  const files = typeof text.sql === 'string' ? [text.sql] : text.sql;
  return {
    type,
    title: text.title,
    description: text.description,
    width: text.width,
    queries:
      text.isOfNow === true
        ? currentOrNot(files, format)
        : files.map((sql) => ({
            sql,
            format,
            ...(shown.isPlaced === true ? { isPlaced: true } : {}),
          })),
    defaults: {
      ...shown.defaults,
      ...(text.emptyText === undefined ? {} : { noValue: text.emptyText }),
    },
    overrides: [
      ...(shown.overrides ?? []),
      ...(text.overrides ?? []),
      ...(text.isOfNow === true ? [greyWhereOutdated(format)] : []),
    ],
    options: shown.options,
    ...(shown.interval === undefined ? {} : { interval: shown.interval }),
    ...(text.links === undefined ? {} : { links: text.links }),
  };
}

/** The one file asked twice, of which only one answers. Throws for several files. */
function currentOrNot(files: readonly string[], format: Query['format']): Query[] {
  const [sql, ...more] = files;
  if (sql === undefined || more.length > 0) throw new Error('a figure of now has one query');
  return [
    { sql, format, onlyWhile: 'current' },
    { sql, format, onlyWhile: 'outdated' },
  ];
}
