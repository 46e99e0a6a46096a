/** Which headers of an answer a recording keeps, and in which form: those that say how, not to whom. */

const NUMBER = /^\d{1,12}(?:\.\d{1,3})?$/;
const HTTP_DATE = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;

/** By header, what its value must look like to be kept. */
const KEPT: ReadonlyMap<string, RegExp> = new Map([
  [
    'content-type',
    /^(?:application|text)\/(?:problem\+)?(?:json|html|xml|plain)(?:\s*;\s*charset=(?:utf-8|us-ascii|iso-8859-1))?$/i,
  ],
  ['date', HTTP_DATE],
  ['retry-after', new RegExp(`${NUMBER.source}|${HTTP_DATE.source}`)],
  ['allow', /^(?:(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)(?:\s*,\s*|$))+$/],
  ['x-ratelimit-limit', NUMBER],
  ['x-ratelimit-remaining', NUMBER],
  ['x-ratelimit-reset', NUMBER],
  ['ratelimit-limit', NUMBER],
  ['ratelimit-remaining', NUMBER],
  ['ratelimit-reset', NUMBER],
]);

export interface ScrubbedHeaders {
  readonly kept: Record<string, string>;
  /** How many are left out, name and value. */
  readonly dropped: number;
}

/** Header names are lower case. */
export function scrubbedHeaders(headers: Readonly<Record<string, string>>): ScrubbedHeaders {
  const entries = Object.entries(headers);
  const kept = entries.filter(([name, value]) => KEPT.get(name)?.test(value) === true);
  return { kept: Object.fromEntries(kept), dropped: entries.length - kept.length };
}
