/**
 * Who is notified, how and when. Addresses come from Grafana's own environment, as `${NAME}`. A variable that
 * is empty would keep Grafana from starting: docker-compose.yml sets an address that reaches nobody.
 */

export const ADDRESS_VARIABLES = {
  webhook: 'METERHOUSE_ALERT_WEBHOOK_URL',
  slack: 'METERHOUSE_ALERT_SLACK_URL',
  email: 'METERHOUSE_ALERT_EMAIL',
} as const;

const WEBHOOK = 'Meterhouse webhook';
const SLACK = 'Meterhouse Slack';
const EMAIL = 'Meterhouse e-mail';

const TITLE = '{{ template "meterhouse.title" . }}';
const MESSAGE = '{{ template "meterhouse.message" . }}';

const variable = (name: string): string => `\${${name}}`;

export const CONTACT_POINTS = [
  {
    orgId: 1,
    name: WEBHOOK,
    receivers: [
      {
        uid: 'meterhouse-webhook',
        type: 'webhook',
        settings: {
          url: variable(ADDRESS_VARIABLES.webhook),
          httpMethod: 'POST',
          title: TITLE,
          message: MESSAGE,
        },
        disableResolveMessage: false,
      },
    ],
  },
  {
    orgId: 1,
    name: SLACK,
    receivers: [
      {
        uid: 'meterhouse-slack',
        type: 'slack',
        settings: { url: variable(ADDRESS_VARIABLES.slack), title: TITLE, text: MESSAGE },
        disableResolveMessage: false,
      },
    ],
  },
  {
    orgId: 1,
    name: EMAIL,
    receivers: [
      {
        uid: 'meterhouse-email',
        type: 'email',
        settings: {
          addresses: variable(ADDRESS_VARIABLES.email),
          singleEmail: true,
          subject: TITLE,
          message: MESSAGE,
        },
        disableResolveMessage: false,
      },
    ],
  },
];

const WEEKENDS = 'meterhouse-weekends';

/** UTC; nothing of severity `info` is worth a weekend. */
export const MUTE_TIMES = [
  { orgId: 1, name: WEEKENDS, time_intervals: [{ weekdays: ['saturday', 'sunday'] }] },
];

/**
 * Everything goes to the webhook. Slack hears what is a warning or worse, e-mail what is critical, and
 * daily what is only worth knowing. The root, for alerts of others, is the webhook too.
 */
export const POLICIES = [
  {
    orgId: 1,
    receiver: WEBHOOK,
    group_by: ['grafana_folder', 'alertname'],
    group_wait: '30s',
    group_interval: '5m',
    repeat_interval: '12h',
    routes: [
      {
        receiver: WEBHOOK,
        object_matchers: [['severity', '=~', 'critical|warning|info']],
        continue: true,
      },
      {
        receiver: SLACK,
        object_matchers: [['severity', '=~', 'critical|warning']],
        continue: true,
      },
      {
        receiver: EMAIL,
        object_matchers: [['severity', '=', 'critical']],
        repeat_interval: '4h',
      },
      {
        receiver: EMAIL,
        object_matchers: [['severity', '=', 'info']],
        group_interval: '1h',
        repeat_interval: '1d',
        mute_time_intervals: [WEEKENDS],
      },
    ],
  },
];

/** Two templates, used by all contact points; they have no dollars, see `text-template.ts`. */
export const TEMPLATES = [
  {
    orgId: 1,
    name: 'meterhouse',
    template: `{{ define "meterhouse.title" -}}
{{ if .Alerts.Firing }}{{ toUpper .CommonLabels.severity }}{{ else }}RESOLVED{{ end }}: {{ if eq (len .Alerts) 1 }}{{ range .Alerts }}{{ .Annotations.summary }}{{ end }}{{ else }}{{ .CommonLabels.alertname }} ({{ len .Alerts.Firing }} firing, {{ len .Alerts.Resolved }} resolved){{ end }}
{{- end }}

{{ define "meterhouse.message" -}}
{{ range .Alerts.Firing }}{{ .Annotations.summary }}
{{ .Annotations.description }}
Since {{ .StartsAt.UTC.Format "2006-01-02 15:04 UTC" }}.{{ if .DashboardURL }}
{{ reReplaceAll "[?].*" "" .DashboardURL }}{{ .Annotations.show }}{{ end }}

{{ end }}{{ range .Alerts.Resolved }}Resolved: {{ .Annotations.summary }}
{{ end }}{{ if .CommonAnnotations.runbook_url -}}
Severity: {{ .CommonLabels.severity }}. Fires at {{ .CommonAnnotations.fires }}.
What to do: {{ if match "^/" .CommonAnnotations.runbook_url }}{{ reReplaceAll "/+\\\\z" "" .ExternalURL }}{{ end }}{{ .CommonAnnotations.runbook_url }}
{{- else -}}
Several rules are in one message: the runbook has a heading for each.
{{- end }}
{{- end }}
`,
  },
];
