/**
 * The provisioning files of Grafana's alerting, as its own types read them
 * (pkg/services/provisioning/alerting/*_types.go at 9.4): no field that it does not know, since
 * it would pass over that in silence.
 */
import * as z from 'zod';

const duration = z.string().regex(/^\d+[smhd]$/, 'expected a duration such as 30m');
const orgId = z.literal(1);
const uid = z.string().regex(/^[a-zA-Z0-9_-]{1,40}$/, 'expected at most 40 letters and digits');

const QuerySchema = z.strictObject({
  refId: z.string().min(1),
  relativeTimeRange: z.strictObject({ from: z.int(), to: z.int() }),
  datasourceUid: z.string().min(1),
  model: z.strictObject({
    refId: z.string().min(1),
    datasource: z.strictObject({ type: z.string().min(1), uid: z.string().min(1) }),
    intervalMs: z.int().positive(),
    maxDataPoints: z.int().positive(),
    // A query of the data source …
    format: z.literal('table').optional(),
    editorMode: z.literal('code').optional(),
    rawQuery: z.literal(true).optional(),
    rawSql: z.string().min(1).optional(),
    // … or a server-side expression that 9.4 and later versions know.
    type: z.literal('math').optional(),
    expression: z.string().min(1).optional(),
  }),
});

const RuleSchema = z.strictObject({
  uid,
  title: z.string().min(1).max(190),
  condition: z.string().min(1),
  data: z.array(QuerySchema).min(1),
  dashboardUid: z.string().min(1).optional(),
  panelId: z.int().positive().optional(),
  noDataState: z.enum(['NoData', 'Alerting', 'OK']),
  execErrState: z.enum(['Error', 'Alerting', 'OK']),
  for: duration,
  annotations: z.strictObject({
    summary: z.string().min(1),
    description: z.string().min(1),
    fires: z.string().min(1),
    no_data: z.string().min(1),
    show: z.string().startsWith('?').or(z.string().startsWith('{{ if .Values }}?')),
    runbook_url: z.string().min(1),
    __dashboardUid__: z.string().min(1).optional(),
    __panelId__: z.string().regex(/^\d+$/).optional(),
  }),
  labels: z.strictObject({ severity: z.enum(['critical', 'warning', 'info']) }),
});
export type ProvisionedRule = z.infer<typeof RuleSchema>;

const GroupSchema = z.strictObject({
  orgId,
  name: z.string().min(1),
  folder: z.string().min(1),
  interval: duration,
  rules: z.array(RuleSchema).min(1),
});

const text = z.string().min(1);
/** Required and known settings of the three kinds, as github.com/grafana/alerting reads them. */
const ReceiverSchema = z.discriminatedUnion('type', [
  z.strictObject({
    uid,
    type: z.literal('webhook'),
    disableResolveMessage: z.boolean(),
    settings: z.strictObject({
      url: text,
      httpMethod: z.enum(['POST', 'PUT']),
      title: text,
      message: text,
    }),
  }),
  z.strictObject({
    uid,
    type: z.literal('slack'),
    disableResolveMessage: z.boolean(),
    settings: z.strictObject({ url: text, title: text, text }),
  }),
  z.strictObject({
    uid,
    type: z.literal('email'),
    disableResolveMessage: z.boolean(),
    settings: z.strictObject({
      addresses: text,
      singleEmail: z.boolean(),
      subject: text,
      message: text,
    }),
  }),
]);

const matcher = z.tuple([z.string().min(1), z.enum(['=', '!=', '=~', '!~']), z.string()]);
const RouteSchema = z.strictObject({
  receiver: text,
  object_matchers: z.array(matcher).min(1),
  continue: z.boolean().optional(),
  group_wait: duration.optional(),
  group_interval: duration.optional(),
  repeat_interval: duration.optional(),
  mute_time_intervals: z.array(text).optional(),
});

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** One file; each of ours has one of the lists. */
export const AlertingFileSchema = z.strictObject({
  apiVersion: z.literal(1),
  groups: z.array(GroupSchema).optional(),
  contactPoints: z
    .array(z.strictObject({ orgId, name: text, receivers: z.array(ReceiverSchema).min(1) }))
    .optional(),
  policies: z
    .array(
      z.strictObject({
        orgId,
        receiver: text,
        group_by: z.array(text),
        group_wait: duration,
        group_interval: duration,
        repeat_interval: duration,
        routes: z.array(RouteSchema),
      }),
    )
    .max(1)
    .optional(),
  muteTimes: z
    .array(
      z.strictObject({
        orgId,
        name: text,
        time_intervals: z
          .array(z.strictObject({ weekdays: z.array(z.enum(WEEKDAYS)).min(1) }))
          .min(1),
      }),
    )
    .optional(),
  templates: z.array(z.strictObject({ orgId, name: text, template: text })).optional(),
});
export type AlertingFile = z.infer<typeof AlertingFileSchema>;
