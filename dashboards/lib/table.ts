/** Rows to read and to follow: what each column is, in the order of the query. */
import { ACTUAL, type STATE, stateMappings, tinted } from './colours.ts';
import type { DataLink, FieldConfig, FieldOverride } from './grafana.ts';
import { type Panel, type PanelText, panelOf } from './panel.ts';
import type { Quantity } from './units.ts';

/** A column by its name in the query. */
export interface Column {
  readonly title: string;
  /** Pixels; columns without one share what is left. */
  readonly width?: number;
  readonly quantity?: Quantity;
  /** Words of a state with their meaning: the cell is coloured. */
  readonly states?: Readonly<Record<string, keyof typeof STATE>>;
  /** `steps(…)`: the ground of the number is coloured, or its bar. */
  readonly scale?: FieldConfig;
  /** A bar in the cell, from 0 to the column's largest value or `max`. */
  readonly isBar?: boolean;
  readonly max?: number;
  readonly links?: readonly DataLink[];
  /** Needed by a link, not shown. */
  readonly isHidden?: boolean;
}

export interface TableText extends PanelText {
  readonly columns: Readonly<Record<string, Column>>;
  readonly sortBy?: { readonly column: string; readonly isDescending: boolean };
}

export function table(text: TableText): Panel {
  const { sortBy, columns } = text;
  const sorted = sortBy && {
    displayName: columns[sortBy.column]?.title,
    desc: sortBy.isDescending,
  };
  return panelOf('table', text, 'table', {
    defaults: { custom: { align: 'auto', filterable: false, inspect: false } },
    overrides: Object.entries(columns).map(([name, column]) => overrideOf(name, column)),
    options: {
      showHeader: true,
      cellHeight: 'sm',
      footer: { show: false, reducer: ['sum'], countRows: false, fields: '' },
      sortBy: sorted === undefined ? [] : [sorted],
    },
  });
}

function overrideOf(name: string, column: Column): FieldOverride {
  const properties: { id: string; value: unknown }[] = [{ id: 'displayName', value: column.title }];
  // The panel's own text for no rows would be in every cell without a value, too.
  properties.push({ id: 'noValue', value: '–' });
  const add = (id: string, value: unknown): void => {
    if (value !== undefined) properties.push({ id, value });
  };
  add('custom.width', column.width);
  add('unit', column.quantity?.unit);
  add('decimals', column.quantity?.decimals);
  add('custom.align', column.quantity === undefined ? 'left' : 'right');
  add('links', column.links);
  add('max', column.max);
  if (column.isHidden === true) add('custom.hidden', true);
  if (column.states !== undefined) {
    add('mappings', stateMappings(column.states));
    addCell(add, 'color-background');
  }
  if (column.scale !== undefined) {
    const scale = column.isBar === true ? column.scale : tinted(column.scale);
    add('thresholds', scale.thresholds);
    add('color', scale.color);
    if (column.isBar !== true) addCell(add, 'color-background');
  }
  if (column.isBar === true) {
    add('min', 0);
    if (column.scale === undefined) add('color', { mode: 'fixed', fixedColor: ACTUAL });
    addCell(add, 'gauge');
  }
  return { matcher: { id: 'byName', options: name }, properties };
}

/** Grafana 9.4 reads `displayMode`; later versions read `cellOptions`. Each leaves the other alone. */
function addCell(
  add: (id: string, value: unknown) => void,
  type: 'color-background' | 'gauge',
): void {
  add('custom.displayMode', type === 'gauge' ? 'basic' : 'color-background-solid');
  add('custom.cellOptions', {
    type,
    mode: 'basic',
    ...(type === 'gauge' ? { valueDisplayMode: 'text' } : {}),
  });
}
