/** Where the links of alerts lead. */

/**
 * Where RUNBOOK.md can be read. As it stands, the path in this repository; set it to the page under
 * which yours is browsed, and run `npm run dashboards:render`.
 */
export const RUNBOOK_URL = 'dashboards/alerts/RUNBOOK.md';

/** The link to a rule's heading, by the rule of GitHub and GitLab for headings. */
export function runbookLink(title: string): string {
  const anchor = title
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');
  return `${RUNBOOK_URL}#${anchor}`;
}
