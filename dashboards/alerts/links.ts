/** Where the links of alerts lead. */

/**
 * Where RUNBOOK.md can be read. A path is one of Grafana itself: docker-compose.yml mounts the file among what
 * it serves. Set it to the full address under which your repository is browsed, which also leads
 * to the heading, and run `npm run dashboards:render`.
 */
export const RUNBOOK_URL = '/public/meterhouse/RUNBOOK.md';

/** The link to a rule's heading, by the rule of GitHub and GitLab for headings. */
export function runbookLink(title: string): string {
  const anchor = title
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');
  return `${RUNBOOK_URL}#${anchor}`;
}
