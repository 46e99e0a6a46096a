/** Renders Grafana's provisioning files of the alerts: rules, and who receives them. */
import { stringify } from 'yaml';
import { CONTACT_POINTS, MUTE_TIMES, POLICIES, TEMPLATES } from './notifications.ts';
import { type LinkedDashboard, ruleGroups } from './render-rules.ts';

const NOTE = 'Written by `npm run dashboards:render` from dashboards/alerts/; edit it there.';

/** Path below dashboards/ to text. Rules link to the panels of the dashboards given. */
export function renderAlerting(dashboards: readonly LinkedDashboard[] = []): Map<string, string> {
  const files = {
    'rules.yaml': { groups: ruleGroups(dashboards) },
    'contact-points.yaml': { contactPoints: CONTACT_POINTS },
    'policies.yaml': { policies: POLICIES },
    'mute-times.yaml': { muteTimes: MUTE_TIMES },
    'templates.yaml': { templates: TEMPLATES },
  };
  return new Map(
    Object.entries(files).map(([name, content]) => [
      `provisioning/alerting/${name}`,
      `# ${NOTE}\n${stringify({ apiVersion: 1, ...content }, { lineWidth: 0, aliasDuplicateObjects: false })}`,
    ]),
  );
}
