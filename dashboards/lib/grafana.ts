/**
 * The part of Grafana's dashboard model that our dashboards use. Hand written, because the published
 * types are of one version each: what is here loads in 9.4 and in 13 (a test compares what we
 * render with the published types of both).
 */

/** Properties of a field: its unit, colours, links. `custom` is the panel type's own. */
export interface FieldConfig {
  readonly displayName?: string;
  readonly unit?: string;
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
  readonly noValue?: string;
  readonly color?: { readonly mode: string; readonly fixedColor?: string };
  readonly mappings?: readonly ValueMapping[];
  readonly thresholds?: { readonly mode: 'absolute'; readonly steps: readonly ThresholdStep[] };
  readonly links?: readonly DataLink[];
  readonly custom?: Readonly<Record<string, unknown>>;
}

/** The first step of a scale has no value: it begins below everything. */
export interface ThresholdStep {
  readonly color: string;
  readonly value: number | null;
}

export interface ValueMapping {
  readonly type: 'value';
  readonly options: Readonly<
    Record<string, { readonly text?: string; readonly color: string; readonly index: number }>
  >;
}

export interface DataLink {
  readonly title: string;
  readonly url: string;
  readonly targetBlank?: boolean;
}

export interface FieldOverride {
  readonly matcher: {
    readonly id: 'byName' | 'byRegexp' | 'byFrameRefID';
    readonly options: string;
  };
  readonly properties: readonly { readonly id: string; readonly value: unknown }[];
}

export interface DataSourceRef {
  readonly type: 'postgres';
  readonly uid: string;
}

/** One query of a panel. */
export interface Target {
  readonly refId: string;
  readonly datasource: DataSourceRef;
  readonly editorMode: 'code';
  readonly format: 'table' | 'time_series';
  readonly rawQuery: true;
  readonly rawSql: string;
}

export interface GridPos {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface RenderedPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: GridPos;
  readonly description?: string;
  readonly datasource?: DataSourceRef;
  readonly targets?: readonly Target[];
  readonly fieldConfig?: {
    readonly defaults: FieldConfig;
    readonly overrides: readonly FieldOverride[];
  };
  readonly options?: Readonly<Record<string, unknown>>;
  readonly interval?: string;
  readonly links?: readonly RenderedLink[];
  readonly transparent?: boolean;
  /** Rows only. */
  readonly collapsed?: boolean;
  readonly panels?: readonly [];
}

export interface RenderedVariable {
  readonly name: string;
  readonly label: string;
  readonly description?: string;
  readonly type: 'query' | 'custom' | 'textbox';
  readonly hide: 0 | 2;
  readonly skipUrlSync: boolean;
  readonly multi?: boolean;
  readonly includeAll?: boolean;
  readonly query: string;
  readonly datasource?: DataSourceRef;
  readonly refresh?: 1 | 2;
  readonly regex?: string;
  readonly sort?: 0;
  readonly current: {
    readonly selected?: boolean;
    readonly text: string | readonly string[];
    readonly value: string | readonly string[];
  };
  readonly options: readonly {
    readonly selected: boolean;
    readonly text: string;
    readonly value: string;
  }[];
}

export interface RenderedLink {
  readonly type: 'dashboards' | 'link';
  readonly title: string;
  readonly tooltip: string;
  readonly icon: string;
  readonly url: string;
  readonly tags: readonly string[];
  readonly asDropdown: boolean;
  readonly includeVars: boolean;
  readonly keepTime: boolean;
  readonly targetBlank: false;
}

export interface RenderedDashboard {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly schemaVersion: number;
  readonly version: number;
  readonly editable: boolean;
  readonly graphTooltip: 0 | 1;
  readonly timezone: 'utc';
  readonly refresh: string;
  readonly time: { readonly from: string; readonly to: string };
  readonly timepicker: Readonly<Record<string, unknown>>;
  readonly fiscalYearStartMonth: number;
  readonly annotations: { readonly list: readonly [] };
  readonly links: readonly RenderedLink[];
  readonly templating: { readonly list: readonly RenderedVariable[] };
  readonly panels: readonly RenderedPanel[];
}
