/** What an alert rule says of itself; all rules together are in `rules.ts`. */

import type { DashboardName } from '../lib/links.ts';

/** Who hears of it, and how soon: see `notifications.ts`. */
export type Severity = 'critical' | 'warning' | 'info';

/** What no row means. Grafana raises an alert `DatasourceNoData` for the state `NoData`. */
export interface NoData {
  readonly state: 'NoData' | 'OK';
  readonly because: string;
  /** What a text says instead, after the rule's title: a rule without a value must show no zero. */
  readonly says: string;
}

export interface Rule {
  /** Stable: Grafana knows the rule by it. */
  readonly uid: string;
  /** Also its heading in RUNBOOK.md. */
  readonly title: string;
  readonly group: RuleGroup;
  /** `mart.alert_<view>`: the label columns, and one number named `value`. */
  readonly view: string;
  /** Which of its rows are the rule's; all by default. */
  readonly where?: string;
  /** The label columns; texts may name them. */
  readonly labels: readonly string[];
  /** It fires where `value` compares so with the threshold. */
  readonly comparison: '>' | '>=' | '<';
  /** A decimal, in `unit`. */
  readonly threshold: string;
  readonly unit: string;
  /** How many decimals of the value a message shows. */
  readonly decimals: number;
  /** How long it must hold before a message is sent, such as `30m`. */
  readonly holdsFor: string;
  readonly severity: Severity;
  readonly noData: NoData;
  /** Texts name labels as `{team}` and the number as `{value}`. */
  readonly summary: string;
  readonly description: string;
  /** The dashboard and the title of the panel on it that show the subject. */
  readonly dashboard: DashboardName;
  readonly panel: string;
  /** Variables of that dashboard, each set from a label by the link. */
  readonly sets?: Readonly<Record<string, string>>;
}

/** Rules of a group are evaluated together, this often. */
export const RULE_GROUPS = {
  Budgets: '10m',
  Spend: '10m',
  Commitments: '1h',
  Wallets: '5m',
  Data: '5m',
  Books: '10m',
} as const;
export type RuleGroup = keyof typeof RULE_GROUPS;

/** Why no row is taken how; each rule picks one. */
export const NO_DATA = {
  standing: {
    state: 'NoData',
    because:
      'Each subject always has a row. No row at all means that nothing is watched; this is reported, never read as zero.',
    says: 'its query returned nothing, or failed',
  },
  findings: {
    state: 'OK',
    because:
      'Rows are findings: none is the usual case. That silence is not mistaken for a broken pipeline is what "Stream is stale" and "Transform stalled" are for.',
    says: 'nothing was found, or its query failed',
  },
  optional: {
    state: 'OK',
    because:
      'Installations without such a subject have no rows. Missed syncs of it are reported by "Stream is stale".',
    says: 'there is nothing to watch, or its query failed',
  },
} as const;
