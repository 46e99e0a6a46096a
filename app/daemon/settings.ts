/** The `daemon` section of the configuration: how the daemon is seen, and how it asks again. */
import * as z from 'zod';

export const DaemonSchema = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  port: z.int('expected a port number').min(0).max(65_535).default(9464),
  probe_seconds_max: z.number().positive().max(86_400).default(60),
  listing_seconds_max: z.number().positive().max(86_400).default(900),
});

export interface DaemonSettings {
  /** Where `/healthz` and `/metrics` are served; any other host than a loopback one is reachable by others. */
  readonly host: string;
  /** 0: any free port, which the log names. */
  readonly port: number;
  /** An account that does not answer is asked again after this at the latest, in milliseconds. */
  readonly probeMsMax: number;
  /** No run of one stream takes longer, in milliseconds. */
  readonly listingMsMax: number;
}

/** Takes the parsed section; seconds become milliseconds. */
export function daemonSettings(section: z.infer<typeof DaemonSchema>): DaemonSettings {
  return {
    host: section.host,
    port: section.port,
    probeMsMax: section.probe_seconds_max * 1000,
    listingMsMax: section.listing_seconds_max * 1000,
  };
}
