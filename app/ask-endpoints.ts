/** Asks each endpoint of an account once, as the collectors would: what can be collected, and what not. */
import type pg from 'pg';
import type { HttpClient } from '../collectors/http/client.ts';
import { pagerOf } from '../collectors/http/paginate.ts';
import { slicesOf } from '../collectors/slices.ts';
import type { Stream, StreamRequest } from '../collectors/stream.ts';
import { ProviderError } from '../foundation/errors.ts';
import type { Account } from './config.ts';

export interface EndpointAnswer {
  readonly stream: Stream;
  /** Null when it answers, or when its refusal is one of the states that the provider documents. */
  readonly problem: string | null;
  /** Why it was not asked; null when it was. */
  readonly notAsked: string | null;
}

/** In the provider's order. A key that is refused at one endpoint says nothing of the next. */
export async function askEndpoints(
  pool: pg.Pool,
  client: HttpClient,
  { id, provider }: Account,
  nowMs: number,
): Promise<EndpointAnswer[]> {
  const answers: EndpointAnswer[] = [];
  for (const stream of provider.streams) {
    const slice = (await slicesOf(pool, id, stream, nowMs, [])).at(-1);
    if (slice === undefined) {
      const listing = stream.slices.kind === 'per-record' ? stream.slices.listedBy : '';
      const notAsked = `${listing} was not collected yet, or lists nothing to ask for`;
      answers.push({ stream, problem: null, notAsked });
      continue;
    }
    answers.push({
      stream,
      problem: await problemOf(client, stream, stream.request(slice)),
      notAsked: null,
    });
  }
  return answers;
}

async function problemOf(
  client: HttpClient,
  stream: Stream,
  request: StreamRequest,
): Promise<string | null> {
  const firstPage = pagerOf(stream.pagination).next();
  try {
    const whole = { ...request, query: { ...request.query, ...firstPage.query } };
    const answer = await client.send(whole, {
      headers: firstPage.headers,
      isPublic: stream.isPublic ?? false,
      counters: { requests: 0, retries: 0 },
      streamId: stream.id,
    });
    const { status } = answer;
    const isState = (status === 403 || status === 404) && stream.tolerated?.[status] !== undefined;
    if (status < 300 || isState) return null;
    return `${client.site(request, stream.id).answered(answer)}: ${costOf(stream)}`;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return `${error.message} (${costOf(stream)})`;
  }
}

/** What is not known without the stream. */
function costOf({ description, retellsHours }: Stream): string {
  const costs = retellsHours === undefined ? 'no charge rests on it' : 'charges rest on it';
  return `not collected, and ${costs}: ${description}`;
}
