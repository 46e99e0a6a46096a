/** Ways from one dashboard to the next; they carry the time range and the variables. */
import type { DataLink, RenderedLink } from './grafana.ts';

/** All dashboards in the order of the navigation: uid without its prefix, and title. */
export const DASHBOARDS = {
  overview: 'Overview',
  providers: 'Providers',
  teams: 'Teams',
  budgets: 'Budgets and forecast',
  economics: 'GPU and compute economics',
  resources: 'Resources and waste',
  wallets: 'Wallets and terms',
  reconciliation: 'Reconciliation and corrections',
  pipeline: 'Pipeline health',
} as const;

/** Marks our dashboards among others. */
export const TAG = 'meterhouse';

export type DashboardName = keyof typeof DASHBOARDS;

export function uidOf(name: DashboardName): string {
  return `meterhouse-${name}`;
}

/** One list of all dashboards above each of them. */
export function navigation(): RenderedLink[] {
  return [
    {
      type: 'dashboards',
      title: 'Dashboards',
      tooltip: 'All dashboards of Meterhouse, with the same time range and choices',
      icon: 'external link',
      url: '',
      tags: [TAG],
      asDropdown: true,
      includeVars: true,
      keepTime: true,
      targetBlank: false,
    },
  ];
}

/** A link at a panel's title. */
export function panelLink({ title, url }: DataLink): RenderedLink {
  return {
    type: 'link',
    title,
    tooltip: '',
    icon: '',
    url,
    tags: [],
    asDropdown: false,
    includeVars: false,
    keepTime: false,
    targetBlank: false,
  };
}

/**
 * A link from a cell: the dashboard with a variable set from a column of the row, encoded, as names
 * may hold `&` or `#`. The time range is carried along.
 */
export function linkTo(
  name: DashboardName,
  title: string,
  set: Readonly<Record<string, string>> = {},
): DataLink {
  const variables = Object.entries(set).map(
    ([variable, column]) => `&var-${variable}=\${__data.fields["${column}"]:percentencode}`,
  );
  return { title, url: `/d/${uidOf(name)}?\${__url_time_range}${variables.join('')}` };
}
