/** Makes Grafana's rule groups of the rules. */
import { DATA_SOURCE } from '../lib/data-source.ts';
import { uidOf } from '../lib/links.ts';
import { runbookLink } from './links.ts';
import { RULE_GROUPS, type Rule, type RuleGroup } from './rule.ts';
import { RULES } from './rules.ts';
import { textTemplate } from './text-template.ts';

export const FOLDER = 'Meterhouse';
const EXPRESSIONS = { type: '__expr__', uid: '__expr__' } as const;

/** The rows of the rule's view. */
export function queryOf({ labels, view, where }: Rule): string {
  const condition = where === undefined ? '' : `where ${where}\n`;
  return `select ${[...labels, 'value'].join(', ')}\nfrom mart.alert_${view}\n${condition}`;
}

/** A dashboard as far as alerts link to it. */
export interface LinkedDashboard {
  readonly uid: string;
  readonly panels: readonly { readonly id: number; readonly title?: string }[];
}

/** Throws when a rule names a panel that its dashboard does not have. */
export function ruleGroups(dashboards: readonly LinkedDashboard[]): unknown[] {
  const groups = Object.keys(RULE_GROUPS) as RuleGroup[];
  return groups.map((name) => ({
    orgId: 1,
    name,
    folder: FOLDER,
    interval: RULE_GROUPS[name],
    rules: RULES.filter((rule) => rule.group === name).map((rule) =>
      renderedRule(rule, dashboards),
    ),
  }));
}

function renderedRule(rule: Rule, dashboards: readonly LinkedDashboard[]): unknown {
  const link = panelLink(rule, dashboards);
  return {
    uid: rule.uid,
    title: rule.title,
    condition: 'B',
    data: [query(queryOf(rule)), comparison(rule)],
    noDataState: rule.noData.state,
    // A query that fails says nothing about money: it is an error of its own.
    execErrState: 'Error',
    for: rule.holdsFor,
    annotations: {
      summary: textTemplate(rule, rule.summary, `${rule.title}: ${rule.noData.says}`),
      description: textTemplate(rule, rule.description, rule.noData.because),
      fires: `value ${rule.comparison} ${rule.threshold} ${rule.unit}`,
      no_data: `${rule.noData.state}: ${rule.noData.because}`,
      show: variablesOf(rule),
      runbook_url: runbookLink(rule.title),
      // Messages of 9.4 take their links from here, not from the fields below.
      ...(link && { __dashboardUid__: link.dashboardUid, __panelId__: String(link.panelId) }),
    },
    labels: { severity: rule.severity },
    ...link,
  };
}

/** What a message adds to its dashboard's address. Without a value there are no labels either. */
function variablesOf({ uid, sets = {}, labels }: Rule): string {
  const variables = Object.entries(sets).map(([variable, label]) => {
    if (!labels.includes(label)) throw new Error(`rule ${uid} has no label "${label}"`);
    return `var-${variable}={{ urlquery .Labels.${label} }}`;
  });
  return variables.length === 0
    ? '?'
    : `{{ if .Values }}?${variables.join('&')}{{ else }}?{{ end }}`;
}

function panelLink(rule: Rule, dashboards: readonly LinkedDashboard[]) {
  const dashboard = dashboards.find(({ uid }) => uid === uidOf(rule.dashboard));
  if (dashboard === undefined) return null;
  const panel = dashboard.panels.find(({ title }) => isNamed(title, rule.panel));
  if (panel === undefined) {
    throw new Error(`rule ${rule.uid}: ${rule.dashboard} has no panel "${rule.panel}"`);
  }
  return { dashboardUid: dashboard.uid, panelId: panel.id };
}

/** A title may go on with what the panel does not follow: `, whole fleet`. */
function isNamed(title: string | undefined, panel: string): boolean {
  return title === panel || title?.startsWith(`${panel}, `) === true;
}

/** A table of texts and one number: each row is an alert of its own, labelled by its texts. */
function query(sql: string): unknown {
  return {
    refId: 'A',
    relativeTimeRange: { from: 600, to: 0 },
    datasourceUid: DATA_SOURCE.uid,
    model: {
      refId: 'A',
      datasource: DATA_SOURCE,
      format: 'table',
      editorMode: 'code',
      rawQuery: true,
      rawSql: sql,
      intervalMs: 1000,
      maxDataPoints: 43_200,
    },
  };
}

/** `threshold` expressions of Grafana 9.4 know no `>=`, so this is math; both versions leave a model's dollars alone. */
function comparison(rule: Rule): unknown {
  return {
    refId: 'B',
    relativeTimeRange: { from: 0, to: 0 },
    datasourceUid: EXPRESSIONS.uid,
    model: {
      refId: 'B',
      datasource: EXPRESSIONS,
      type: 'math',
      expression: `$A ${rule.comparison} ${rule.threshold}`,
      intervalMs: 1000,
      maxDataPoints: 43_200,
    },
  };
}
