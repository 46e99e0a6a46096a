/** Turns a success into a page: fit for PostgreSQL, without what is redacted, parsed once. */
import type { Stream } from '../stream.ts';
import type { HttpAnswer } from './client.ts';
import { type HoldableText, holdable, TooManyValues, type Unholdable } from './holdable.ts';
import { redactJson } from './redact.ts';
import type { RequestSite } from './request-site.ts';
import type { HttpSettings } from './settings.ts';

/** One answer: `text` is what is landed, `body` its parsed copy, for validation only. */
export interface Page {
  readonly text: string;
  readonly body: unknown;
  /** What was replaced in both because PostgreSQL cannot hold it. */
  readonly unholdable?: readonly Unholdable[];
}

/** A success whose body is no JSON: cut without HTTP noticing, or a proxy's page. Worth asking again. */
export class MalformedBody extends Error {
  readonly status: number | null;

  constructor(what: string, status: number | null = null) {
    super(what);
    this.status = status;
  }
}

const JSON_CONTENT_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

/** Throws MalformedBody, and ContractError for an answer beyond the limits. */
export function parsePage(
  answer: HttpAnswer,
  stream: Stream,
  settings: HttpSettings,
  site: RequestSite,
): Page {
  const contentType = answer.headers['content-type'] ?? '';
  if (!JSON_CONTENT_TYPE.test(contentType)) {
    const type = site.clean(contentType);
    throw new MalformedBody(
      `HTTP ${answer.status} with ${type === '' ? 'no content type' : type} where JSON was expected`,
      answer.status,
    );
  }
  const { text: fit, unholdable } = holdableOf(answer.text, settings, site);
  const redactedFields = stream.redactedFields ?? [];
  try {
    const text = redactJson(fit, redactedFields);
    const body: unknown = JSON.parse(text);
    const kept = unholdable.filter(
      ({ path }) => !path.some((step) => redactedFields.includes(step)),
    );
    return kept.length === 0 ? { text, body } : { text, body, unholdable: kept };
  } catch {
    // The parser's own message quotes the body, which may hold what is redacted.
    throw new MalformedBody(`the answer of ${answer.text.length} characters is no JSON`);
  }
}

function holdableOf(text: string, settings: HttpSettings, site: RequestSite): HoldableText {
  const { pageValuesMax, pageDepthMax } = settings;
  try {
    return holdable(text, { valuesMax: pageValuesMax, depthMax: pageDepthMax });
  } catch (error) {
    if (!(error instanceof TooManyValues)) throw error;
    throw site.contract(`the answer holds more than ${pageValuesMax} values`);
  }
}
