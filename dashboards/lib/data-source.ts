/** The one data source of all dashboards: the marts, read as meterhouse_reader. */
import type { DataSourceRef } from './grafana.ts';

export const DATA_SOURCE: DataSourceRef = { type: 'postgres', uid: 'meterhouse' };
