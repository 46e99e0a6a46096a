/** Renders Grafana's provisioning files of the alerts: rules, and who is told of them. */
import { stringify } from 'yaml';
import { CONTACT_POINTS, MUTE_TIMES, POLICIES, TEMPLATES } from './notifications.ts';
import { ruleGroups } from './render-rules.ts';

const NOTE = 'Written by `npm run dashboards:render` from dashboards/alerts/; edit it there.';

/** File names under dashboards/provisioning/alerting/, with their texts. */
export async function renderAlerting(): Promise<Map<string, string>> {
  const files = {
    'rules.yaml': { groups: await ruleGroups() },
    'contact-points.yaml': { contactPoints: CONTACT_POINTS },
    'policies.yaml': { policies: POLICIES },
    'mute-times.yaml': { muteTimes: MUTE_TIMES },
    'templates.yaml': { templates: TEMPLATES },
  };
  return new Map(
    Object.entries(files).map(([name, content]) => [
      `dashboards/provisioning/alerting/${name}`,
      `# ${NOTE}\n${stringify({ apiVersion: 1, ...content }, { lineWidth: 0, aliasDuplicateObjects: false })}`,
    ]),
  );
}
