/**
 * `meterhouse replay`: serves a recording as a provider until stopped, and says with which
 * configuration it can be collected.
 */
import { stringify } from 'yaml';
import * as z from 'zod';
import type { Provider } from '../../collectors/provider.ts';
import { findProvider, PROVIDERS } from '../../collectors/registry.ts';
import { UsageError } from '../../foundation/errors.ts';
import { type Context, present } from '../context.ts';
import { type Recording, readRecording } from '../recorder/recording.ts';
import { startReplay } from '../recorder/replay-server.ts';

export interface ReplayOptions {
  /** 0 takes a free one. */
  readonly port: number;
}

export async function replayCommand(
  context: Context,
  folder: string,
  { port }: ReplayOptions,
): Promise<void> {
  const recording = await readRecording(folder);
  if (PROVIDERS.every(({ id }) => id !== recording.provider)) {
    throw new UsageError(
      `the recording is of "${recording.provider}", which this version does not know`,
    );
  }
  const replay = await startReplay(folder, recording, port);
  try {
    const configuration = replayConfiguration(recording, replay.url);
    const { recorded_at: recordedAt } = recording;
    present(context, { url: replay.url, recorded_at: recordedAt, configuration }, () =>
      [
        `# A recording of ${recordedAt}, served until Ctrl-C. Save this as replay.yaml, then:\n`,
        `#   meterhouse --config replay.yaml --now ${recordedAt} collect\n`,
        `#   meterhouse --config replay.yaml --now ${recordedAt} transform\n`,
        stringify(configuration),
      ].join(''),
    );
    await stopped(context.signal);
    for (const request of replay.unknown) {
      context.log.warn({ request }, 'a request that the recording does not have');
    }
  } finally {
    await replay.close();
  }
}

/** A whole configuration: a database of its own, and the recording as its only account. */
export function replayConfiguration(
  { provider: providerId }: Pick<Recording, 'provider'>,
  url: string,
): Record<string, unknown> {
  const provider = findProvider(providerId);
  return {
    database: { folder: 'replay-postgres' },
    reporting_currency: 'USD',
    accounts: [
      {
        id: `${providerId}-replay`,
        provider: providerId,
        base_url: url,
        credentials: anyCredentials(provider),
      },
    ],
    http: { requests_per_second: 100 },
  };
}

/** Of the first form that the provider accepts: a recording asks for none. */
function anyCredentials({ credentials }: Provider): Record<string, string> {
  const schema = z.toJSONSchema(credentials, { io: 'input' });
  const form = (schema.anyOf?.[0] ?? schema) as { readonly required?: readonly string[] };
  return Object.fromEntries((form.required ?? []).map((name) => [name, 'replayed']));
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
