/**
 * Goal: what Grafana loads is what the sources say, has only fields that Grafana knows, and hangs
 * together: rules, queries, runbook, contact points, policies. Method: render again and compare; a strict schema.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { runbookLink } from '../../../dashboards/alerts/links.ts';
import { ADDRESS_VARIABLES } from '../../../dashboards/alerts/notifications.ts';
import { renderAlerting } from '../../../dashboards/alerts/render-alerting.ts';
import type { LinkedDashboard } from '../../../dashboards/alerts/render-rules.ts';
import { RULE_GROUPS } from '../../../dashboards/alerts/rule.ts';
import { RULES } from '../../../dashboards/alerts/rules.ts';
import { expandTemplate } from './go-template.ts';
import { provisioned, provisionedRules } from './grafana-rule.ts';
import { type AlertingFile, AlertingFileSchema } from './provisioning-schema.ts';

const DASHBOARDS = path.join(import.meta.dirname, '../../../dashboards');
const RENDERED = path.join(DASHBOARDS, 'rendered');

/** The dashboards that are rendered, for links to their panels. */
function renderedDashboards(): LinkedDashboard[] {
  if (!existsSync(RENDERED)) return [];
  return readdirSync(RENDERED).map(
    (name) => JSON.parse(readFileSync(path.join(RENDERED, name), 'utf8')) as LinkedDashboard,
  );
}

function alertingFile(name: string): AlertingFile {
  return AlertingFileSchema.parse(provisioned(name));
}

describe('the files', () => {
  test('are what the sources render', () => {
    const rendered = renderAlerting(renderedDashboards());
    const folder = path.join(DASHBOARDS, 'provisioning/alerting');
    expect(readdirSync(folder).map((name) => `provisioning/alerting/${name}`)).toEqual(
      [...rendered.keys()].sort(),
    );
    for (const [file, text] of rendered) {
      expect(readFileSync(path.join(DASHBOARDS, file), 'utf8')).toBe(text);
    }
  });

  test('have only fields that Grafana knows', () => {
    for (const file of renderAlerting().keys()) {
      const content = provisioned(path.basename(file));
      expect(AlertingFileSchema.safeParse(content).error).toBeUndefined();
    }
  });

  test('have a dollar only where Grafana is to read its environment, or leaves it alone', () => {
    for (const [file, text] of renderAlerting()) {
      const dollars = text.split('\n').filter((line) => line.includes('$'));
      const allowed = dollars.filter(
        (line) =>
          /^\s+expression: \$A [<>]/.test(line) ||
          Object.values(ADDRESS_VARIABLES).some((name) => line.endsWith(`: \${${name}}`)),
      );
      expect({ file, dollars }).toEqual({ file, dollars: allowed });
    }
  });
});

describe('the rules', () => {
  test('have ids, titles and groups of their own', () => {
    expect(new Set(RULES.map(({ uid }) => uid)).size).toBe(RULES.length);
    expect(new Set(RULES.map(({ title }) => title)).size).toBe(RULES.length);
    expect(new Set(RULES.map(({ group }) => group))).toEqual(new Set(Object.keys(RULE_GROUPS)));
  });

  test('each have a case of their own', () => {
    const cases = readdirSync(import.meta.dirname)
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => readFileSync(path.join(import.meta.dirname, name), 'utf8'))
      .join('\n');
    expect(RULES.filter(({ uid }) => !cases.includes(`'${uid}'`))).toEqual([]);
  });

  test('use every view that is made for alerts', () => {
    const views = readdirSync(path.join(DASHBOARDS, '../transforms/marts/alerts'))
      .filter((name) => name.startsWith('alert_'))
      .map((name) => name.slice('alert_'.length, -'.sql'.length));
    expect([...new Set(RULES.map(({ view }) => view))].sort()).toEqual(views.sort());
  });

  test('without a value they say so, and show no zero', () => {
    for (const rule of provisionedRules()) {
      const summary = expandTemplate(rule.annotations.summary, {}, null);
      expect(summary).toMatch(/: .+ failed$/);
      expect(summary).toContain(rule.title);
      expect(rule.annotations.no_data).toBe(
        `${rule.noDataState}: ${expandTemplate(rule.annotations.description, {}, null)}`,
      );
    }
  });

  test('link to a panel of each dashboard that is rendered', () => {
    const uids = renderedDashboards().map(({ uid }) => uid);
    for (const rule of provisionedRules()) {
      const source = RULES.find(({ uid }) => uid === rule.uid);
      const dashboard = `meterhouse-${source?.dashboard}`;
      if (!uids.includes(dashboard)) continue;
      expect(rule).toMatchObject({ dashboardUid: dashboard, panelId: expect.any(Number) });
    }
  });
});

describe('the runbook', () => {
  const runbook = readFileSync(path.join(DASHBOARDS, 'alerts/RUNBOOK.md'), 'utf8');
  const sections = runbook.split(/^## /m).slice(1);

  test('has a heading per alert, and no other', () => {
    const headings = sections.map((section) => section.split('\n', 1)[0]);
    expect([...headings].sort()).toEqual(RULES.map(({ title }) => title).sort());
  });

  test('says under each what it means, where to look, why, what to do and when to mute', () => {
    for (const section of sections) {
      const points = [...section.matchAll(/^- \*\*([A-Za-z ]+)\*\*:/gm)].map((match) => match[1]);
      expect(points).toEqual(['Means', 'Check first', 'Usual causes', 'Do', 'Mute']);
    }
  });

  test('is where the rules link to', () => {
    for (const rule of provisionedRules()) {
      expect(rule.annotations.runbook_url).toBe(runbookLink(rule.title));
    }
  });
});

describe('who is told', () => {
  const names = (alertingFile('contact-points.yaml').contactPoints ?? []).map(({ name }) => name);
  const [policy] = alertingFile('policies.yaml').policies ?? [];

  test('is a contact point, with an address from the environment', () => {
    expect(names).toHaveLength(Object.keys(ADDRESS_VARIABLES).length);
    const receivers = [policy?.receiver, ...(policy?.routes ?? []).map(({ receiver }) => receiver)];
    expect([...new Set(receivers)].sort()).toEqual([...names].sort());
  });

  test('is somebody for every severity', () => {
    for (const severity of ['critical', 'warning', 'info']) {
      const told = (policy?.routes ?? []).filter(({ object_matchers: matchers }) =>
        matchers.every(([, how, what]) =>
          how === '=~' ? what.split('|').includes(severity) : what === severity,
        ),
      );
      expect(told.length).toBeGreaterThanOrEqual(2);
    }
  });

  test('is left alone at times that exist', () => {
    const muted = (policy?.routes ?? []).flatMap(({ mute_time_intervals: names = [] }) => names);
    const times = (alertingFile('mute-times.yaml').muteTimes ?? []).map(({ name }) => name);
    expect(muted).toEqual(times);
  });

  test('reads templates that exist', () => {
    const defined = (alertingFile('templates.yaml').templates ?? []).flatMap(({ template }) =>
      [...template.matchAll(/\{\{ define "([a-z.]+)"/g)].map((match) => match[1]),
    );
    const text = readFileSync(
      path.join(DASHBOARDS, 'provisioning/alerting/contact-points.yaml'),
      'utf8',
    );
    const used = [...text.matchAll(/\{\{ template "([a-z.]+)" \. \}\}/g)].map((match) => match[1]);
    expect([...new Set(used)].sort()).toEqual([...defined].sort());
  });
});
