/** A dashboard as it is written down, and how it becomes Grafana's JSON. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PALETTE } from './colours.ts';
import { dataAge } from './data-age.ts';
import { DATA_SOURCE } from './data-source.ts';
import { expandFilters } from './filters.ts';
import type { RenderedDashboard, RenderedPanel, RenderedVariable, Target } from './grafana.ts';
import { DASHBOARDS, type DashboardName, navigation, panelLink, TAG, uidOf } from './links.ts';
import type { Panel, Query } from './panel.ts';
import { withReach } from './reach.ts';

const COLUMNS = 24;
/** The newest model that Grafana 9.4 knows; later versions bring it up to theirs on load. */
const SCHEMA_VERSION = 37;
const DATA_AGE_HEIGHT = 2;

/** Panels side by side, under a heading or none. */
export interface Row {
  readonly heading: string | null;
  /** In Grafana's units of 30 pixels and a gap of 8. */
  readonly height: number;
  readonly panels: readonly Panel[];
}

export interface Dashboard {
  readonly name: DashboardName;
  /** The user's question that it answers. */
  readonly question: string;
  /** Folder of its `.sql` files. */
  readonly folder: string;
  /** `now-30d`; ends now unless `to` says otherwise. */
  readonly from: string;
  readonly to?: string;
  readonly refresh?: string;
  readonly variables: readonly RenderedVariable[];
  readonly rows: readonly Row[];
}

export function row(heading: string | null, height: number, panels: readonly Panel[]): Row {
  return { heading, height, panels };
}

/** Throws when a row is wider than the page or a file is missing. */
export function renderDashboard(dashboard: Dashboard): RenderedDashboard {
  return {
    uid: uidOf(dashboard.name),
    title: DASHBOARDS[dashboard.name].title,
    description: dashboard.question,
    tags: [TAG],
    schemaVersion: SCHEMA_VERSION,
    version: 1,
    editable: false,
    graphTooltip: 1,
    timezone: 'utc',
    refresh: dashboard.refresh ?? '5m',
    time: { from: dashboard.from, to: dashboard.to ?? 'now' },
    timepicker: {},
    fiscalYearStartMonth: 0,
    annotations: { list: [] },
    links: navigation(dashboard.name),
    templating: { list: dashboard.variables },
    panels: placePanels(dashboard),
  };
}

function placePanels(dashboard: Dashboard): RenderedPanel[] {
  const placed: RenderedPanel[] = [];
  let y = 0;
  for (const { heading, height, panels } of [
    row(null, DATA_AGE_HEIGHT, [dataAge]),
    ...dashboard.rows,
  ]) {
    if (heading !== null) {
      placed.push(headingPanel(placed.length + 1, heading, y));
      y += 1;
    }
    let x = 0;
    for (const panel of panels) {
      const gridPos = { x, y, w: panel.width, h: height };
      placed.push(renderPanel(placed.length + 1, panel, gridPos, dashboard));
      x += panel.width;
    }
    if (x > COLUMNS) {
      throw new Error(`${dashboard.name}: the row "${heading ?? ''}" is ${x} columns wide`);
    }
    y += height;
  }
  return placed;
}

function headingPanel(id: number, title: string, y: number): RenderedPanel {
  return {
    id,
    type: 'row',
    title,
    gridPos: { x: 0, y, w: COLUMNS, h: 1 },
    collapsed: false,
    panels: [],
  };
}

function renderPanel(
  id: number,
  panel: Panel,
  gridPos: RenderedPanel['gridPos'],
  { folder, variables }: Dashboard,
): RenderedPanel {
  const rendered: RenderedPanel = {
    id,
    type: panel.type,
    title: panel.title,
    description: panel.description,
    gridPos,
    datasource: DATA_SOURCE,
    targets: panel.queries.map((query, index) =>
      targetOf(
        String.fromCharCode('A'.charCodeAt(0) + index),
        query.format,
        wrapped(query, readSql(folder, query.sql)),
      ),
    ),
    fieldConfig: { defaults: panel.defaults, overrides: panel.overrides },
    options: panel.options,
    ...(panel.interval === undefined ? {} : { interval: panel.interval }),
    ...(panel.links === undefined ? {} : { links: panel.links.map(panelLink) }),
  };
  return panel === dataAge ? rendered : withReach(rendered, variables);
}

function targetOf(refId: string, format: Target['format'], rawSql: string): Target {
  return { refId, datasource: DATA_SOURCE, editorMode: 'code', format, rawQuery: true, rawSql };
}

/** A name with a slash is of another folder: `../lib/standing/freshness`. */
function readSql(folder: string, name: string): string {
  return expandFilters(readFileSync(path.join(folder, `${name}.sql`), 'utf8').trim());
}

/** A query that answers only in its time, or whose series are placed. */
function wrapped({ onlyWhile, isPlaced }: Query, sql: string): string {
  if (onlyWhile !== undefined) {
    const is = onlyWhile === 'current' ? '' : 'not ';
    return `select figure.*\nfrom (\n${sql}\n) as figure\nwhere ${is}(select is_current from mart.rpt_data_age)`;
  }
  if (isPlaced !== true) return sql;
  const place = `(dense_rank() over (order by metric collate "C") - 1)::integer % ${PALETTE.length}`;
  return `select "time", metric || repeat(' ', ${place}) as metric, value\nfrom (\n${sql}\n) as series\norder by 1, 2`;
}
