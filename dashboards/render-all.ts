/** Everything that is rendered: path below dashboards/ to text. */
import { renderAlerting } from './alerts/render-alerting.ts';
import { budgetsAndForecast } from './budgets/dashboard.ts';
import { economics } from './economics/dashboard.ts';
import { type Dashboard, renderDashboard } from './lib/dashboard.ts';
import { overview } from './overview/dashboard.ts';
import { pipeline } from './pipeline/dashboard.ts';
import { providers } from './providers/dashboard.ts';
import { reconciliation } from './reconciliation/dashboard.ts';
import { resources } from './resources/dashboard.ts';
import { teams } from './teams/dashboard.ts';
import { utilisation } from './utilisation/dashboard.ts';
import { walletsAndTerms } from './wallets/dashboard.ts';

export const ALL_DASHBOARDS: readonly Dashboard[] = [
  overview,
  providers,
  teams,
  budgetsAndForecast,
  economics,
  resources,
  utilisation,
  walletsAndTerms,
  reconciliation,
  pipeline,
];

export function renderAll(): Map<string, string> {
  const dashboards = ALL_DASHBOARDS.map(renderDashboard);
  const files = dashboards.map(
    (dashboard) =>
      [`rendered/${dashboard.uid}.json`, `${JSON.stringify(dashboard, null, 2)}\n`] as const,
  );
  return new Map([...files, ...renderAlerting(dashboards)]);
}
