/** Limits of HTTP in the configuration: for all accounts, and for one. */
import * as z from 'zod';
import { DEFAULT_HTTP_SETTINGS, type HttpSettings } from '../collectors/http/settings.ts';
import type { Provider } from '../collectors/provider.ts';

const positiveInteger = z.int().positive();
export const HttpSchema = z.strictObject({
  connect_timeout_ms: positiveInteger.optional(),
  headers_timeout_ms: positiveInteger.optional(),
  body_timeout_ms: positiveInteger.optional(),
  body_bytes_max: positiveInteger.optional(),
  attempts_max: positiveInteger.max(20).optional(),
  retry_delay_ms_min: z.int().nonnegative().optional(),
  retry_delay_ms_max: positiveInteger.optional(),
  retry_after_ms_max: positiveInteger.optional(),
  requests_per_second: z.number().positive().optional(),
  connections: positiveInteger.max(64).optional(),
  page_values_max: positiveInteger.optional(),
  page_records_max: positiveInteger.optional(),
  page_depth_max: positiveInteger.max(1_000).optional(),
  sweep_pages_max: positiveInteger.optional(),
  sweep_records_max: positiveInteger.optional(),
  sweep_ms_max: positiveInteger.optional(),
});

/** Later overrides win; what none of them sets is the provider's or the product's own. */
export function httpSettings(
  provider: Provider,
  ...overrides: readonly (z.infer<typeof HttpSchema> | undefined)[]
): HttpSettings {
  const chosen = Object.assign({}, ...overrides) as z.infer<typeof HttpSchema>;
  const base = DEFAULT_HTTP_SETTINGS;
  return {
    connectTimeoutMs: chosen.connect_timeout_ms ?? base.connectTimeoutMs,
    headersTimeoutMs: chosen.headers_timeout_ms ?? base.headersTimeoutMs,
    bodyTimeoutMs: chosen.body_timeout_ms ?? base.bodyTimeoutMs,
    bodyBytesMax: chosen.body_bytes_max ?? base.bodyBytesMax,
    attemptsMax: chosen.attempts_max ?? base.attemptsMax,
    retryDelayMsMin: chosen.retry_delay_ms_min ?? base.retryDelayMsMin,
    retryDelayMsMax: chosen.retry_delay_ms_max ?? base.retryDelayMsMax,
    retryAfterMsMax: chosen.retry_after_ms_max ?? base.retryAfterMsMax,
    requestsPerSecond: chosen.requests_per_second ?? provider.requestsPerSecond,
    connections: chosen.connections ?? provider.connections,
    pageValuesMax: chosen.page_values_max ?? base.pageValuesMax,
    pageRecordsMax: chosen.page_records_max ?? base.pageRecordsMax,
    pageDepthMax: chosen.page_depth_max ?? base.pageDepthMax,
    sweepPagesMax: chosen.sweep_pages_max ?? base.sweepPagesMax,
    sweepRecordsMax: chosen.sweep_records_max ?? base.sweepRecordsMax,
    sweepMsMax: chosen.sweep_ms_max ?? base.sweepMsMax,
  };
}
