/** Ways from one dashboard to the next; each carries only what its target knows. */
import type { DataLink, RenderedLink } from './grafana.ts';

interface Target {
  readonly title: string;
  /** In the navigation, where room is short. */
  readonly short: string;
  /** It shows any range; others have a range of their own, such as a budget's period. */
  readonly keepsRange: boolean;
  /** Of the choices that boards share, those that it has. */
  readonly shared: readonly Shared[];
}

type Shared = 'provider' | 'account' | 'team' | 'currency' | 'basis';

const FLEET = ['provider', 'account'] as const;
const MONEY = ['currency', 'basis'] as const;

/** All dashboards in the order of the navigation, by uid without its prefix. */
export const DASHBOARDS = {
  overview: {
    title: 'Overview',
    short: 'Overview',
    keepsRange: true,
    shared: [...FLEET, 'team', ...MONEY],
  },
  providers: {
    title: 'Providers',
    short: 'Providers',
    keepsRange: true,
    shared: [...FLEET, ...MONEY],
  },
  teams: {
    title: 'Teams',
    short: 'Teams',
    keepsRange: false,
    shared: ['team', 'provider', ...MONEY],
  },
  budgets: { title: 'Budgets and forecast', short: 'Budgets', keepsRange: false, shared: [] },
  economics: {
    title: 'GPU and compute economics',
    short: 'Economics',
    keepsRange: true,
    shared: ['provider'],
  },
  resources: {
    title: 'Resources and waste',
    short: 'Resources',
    keepsRange: true,
    shared: [...FLEET, 'team'],
  },
  utilisation: {
    title: 'Utilisation',
    short: 'Utilisation',
    keepsRange: true,
    shared: [...FLEET, 'team'],
  },
  wallets: { title: 'Wallets and terms', short: 'Wallets', keepsRange: false, shared: FLEET },
  reconciliation: {
    title: 'Reconciliation and corrections',
    short: 'Reconciliation',
    keepsRange: false,
    shared: FLEET,
  },
  pipeline: { title: 'Pipeline health', short: 'Pipeline', keepsRange: false, shared: ['account'] },
} as const satisfies Readonly<Record<string, Target>>;

/** Marks our dashboards among others. */
export const TAG = 'meterhouse';

export type DashboardName = keyof typeof DASHBOARDS;

export function uidOf(name: DashboardName): string {
  return `meterhouse-${name}`;
}

/** Links to all other dashboards, above each of them, with the choices and the range that both have. */
export function navigation(from: DashboardName): RenderedLink[] {
  const names = Object.keys(DASHBOARDS) as DashboardName[];
  return names.filter((name) => name !== from).map((name) => navigationLink(from, name));
}

function navigationLink(from: DashboardName, to: DashboardName): RenderedLink {
  const { title, short, keepsRange, shared }: Target = DASHBOARDS[to];
  const here: readonly Shared[] = DASHBOARDS[from].shared;
  const query = shared
    .filter((name) => here.includes(name))
    .map((name) => `\${${name}:queryparam}`);
  return {
    ...panelLink({
      title: short,
      url: `/d/${uidOf(to)}${query.length > 0 ? `?${query.join('&')}` : ''}`,
    }),
    tooltip: title,
    keepTime: keepsRange && DASHBOARDS[from].keepsRange,
  };
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
 * may hold `&` or `#`. The time range is carried where the target shows any.
 */
export function linkTo(
  name: DashboardName,
  title: string,
  set: Readonly<Record<string, string>> = {},
): DataLink {
  const variables = Object.entries(set).map(
    ([variable, column]) => `var-${variable}=\${__data.fields["${column}"]:percentencode}`,
  );
  const range = DASHBOARDS[name].keepsRange ? ['${__url_time_range}'] : [];
  const query = [...range, ...variables].join('&');
  return { title, url: `/d/${uidOf(name)}${query === '' ? '' : `?${query}`}` };
}
