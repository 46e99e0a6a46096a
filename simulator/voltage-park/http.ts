/** The habits of a FastAPI server: routes, slash redirects, validation, error bodies, pages. */
import type { SimulatedRequest, SimulatedResponse } from '../provider.ts';

/** Who may call: a Bearer token, a Bearer token or `x-api-token`, or anybody. */
export type Access = 'bearer' | 'bearer-or-api-token' | 'public';

export interface Call {
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly nowMs: number;
}

export interface Route {
  /** Below `/api/v1`, with the trailing slash where there is one; `{name}` binds a segment. */
  readonly path: string;
  readonly access: Access;
  answer(call: Call): SimulatedResponse;
}

/** Thrown by the parameter readers below and turned into its response by `dispatch`. */
class RefusedCall extends Error {
  readonly response: SimulatedResponse;

  constructor(response: SimulatedResponse) {
    super(`refused with ${response.status}`);
    this.response = response;
  }
}

const API_PREFIX = '/api/v1';

export function json(body: unknown): SimulatedResponse {
  return { status: 200, body: JSON.stringify(body) };
}

export function refuse(
  status: number,
  detail: string,
  headers: Record<string, string> = {},
): SimulatedResponse {
  return { status, body: JSON.stringify({ detail }), headers };
}

export class Router {
  readonly #routes: readonly (Route & { readonly segments: readonly string[] })[];
  readonly #tokens: readonly string[];

  constructor(routes: readonly Route[], tokens: readonly string[]) {
    this.#routes = routes.map((route) => ({
      path: route.path,
      access: route.access,
      answer: (call) => route.answer(call),
      segments: `${API_PREFIX}${route.path}`.split('/'),
    }));
    this.#tokens = tokens;
  }

  dispatch(request: SimulatedRequest, nowMs: number): SimulatedResponse {
    const match = this.#match(request.path);
    if (match === undefined) return this.#redirectOrMissing(request);
    if (request.method !== 'GET') return refuse(405, 'Method Not Allowed', { allow: 'GET' });
    if (!this.#isAllowed(match.route.access, request)) {
      return refuse(401, 'Invalid or missing API token', { 'www-authenticate': 'Bearer' });
    }
    try {
      return match.route.answer({ parameters: match.parameters, query: request.query, nowMs });
    } catch (error) {
      if (error instanceof RefusedCall) return error.response;
      throw error;
    }
  }

  #match(path: string): { route: Route; parameters: Record<string, string> } | undefined {
    const given = path.split('/');
    for (const route of this.#routes) {
      const parameters = bind(route.segments, given);
      if (parameters !== undefined) return { route, parameters };
    }
    return undefined;
  }

  #redirectOrMissing(request: SimulatedRequest): SimulatedResponse {
    const { path, query } = request;
    const otherForm = path.endsWith('/') ? path.slice(0, -1) : `${path}/`;
    if (this.#match(otherForm) === undefined) return refuse(404, 'Not Found');
    const location = query.size === 0 ? otherForm : `${otherForm}?${query.toString()}`;
    return { status: 307, body: '', headers: { location } };
  }

  #isAllowed(access: Access, request: SimulatedRequest): boolean {
    if (access === 'public') return true;
    const apiToken = request.headers['x-api-token'] ?? '';
    if (access === 'bearer-or-api-token' && this.#tokens.includes(apiToken)) {
      return true;
    }
    const [scheme, token = ''] = (request.headers.authorization ?? '').split(' ');
    return scheme?.toLowerCase() === 'bearer' && this.#tokens.includes(token);
  }
}

function bind(
  segments: readonly string[],
  given: readonly string[],
): Record<string, string> | undefined {
  if (segments.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const value = given[index] ?? '';
    if (segment.startsWith('{') && value !== '') parameters[segment.slice(1, -1)] = value;
    else if (segment !== value) return undefined;
  }
  return parameters;
}

/** Refuses the call with the 422 body that FastAPI writes. */
function refuseInvalid(place: 'path' | 'query', name: string, type: string, msg: string): never {
  const detail = [{ loc: [place, name], msg, type }];
  throw new RefusedCall({ status: 422, body: JSON.stringify({ detail }) });
}

/** Ends the call with 404. */
export function refuseMissing(detail: string): never {
  throw new RefusedCall(refuse(404, detail));
}

export function uuidParameter(call: Call, name: string): string {
  const text = call.parameters[name] ?? '';
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) {
    refuseInvalid('path', name, 'uuid_parsing', 'Input should be a valid UUID');
  }
  return text.toLowerCase();
}

interface Bounds {
  readonly min: number;
  readonly max: number;
}

export function integerParameter(call: Call, name: string, bounds: Bounds): number {
  return readInteger('path', name, call.parameters[name] ?? '', bounds);
}

function readInteger(place: 'path' | 'query', name: string, text: string, bounds: Bounds): number {
  if (!/^[+-]?\d{1,15}$/.test(text)) {
    refuseInvalid(place, name, 'int_parsing', 'Input should be a valid integer');
  }
  const value = Number(text);
  if (value < bounds.min) {
    const msg = `Input should be greater than or equal to ${bounds.min}`;
    refuseInvalid(place, name, 'greater_than_equal', msg);
  }
  if (value > bounds.max) {
    const msg = `Input should be less than or equal to ${bounds.max}`;
    refuseInvalid(place, name, 'less_than_equal', msg);
  }
  return value;
}

export function booleanQuery(call: Call, name: string): boolean | null {
  const text = call.query.get(name);
  if (text === null) return null;
  if (/^(true|1|yes|on)$/i.test(text)) return true;
  if (/^(false|0|no|off)$/i.test(text)) return false;
  return refuseInvalid('query', name, 'bool_parsing', 'Input should be a valid boolean');
}

/** Midnight UTC of a `YYYY-MM-DD` day. */
export function dayQuery(call: Call, name: string): number | null {
  const text = call.query.get(name);
  if (text === null) return null;
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text) {
    refuseInvalid('query', name, 'date_from_datetime_parsing', 'Input should be a valid date');
  }
  return ms;
}

/** A repeated key with values out of a closed set; null when the key is absent. */
export function choicesQuery<Choice extends string>(
  call: Call,
  name: string,
  choices: readonly Choice[],
): Choice[] | null {
  const texts = call.query.getAll(name);
  if (texts.length === 0) return null;
  return texts.map((text) => {
    const choice = choices.find((candidate) => candidate === text);
    const msg = `Input should be ${choices.map((known) => `'${known}'`).join(', ')}`;
    return choice ?? refuseInvalid('query', name, 'enum', msg);
  });
}

export interface PageLimits {
  readonly limitDefault: number;
  readonly limitMax: number;
}

/** Cuts the asked page out of the rows; only its own rows are written out. */
export function page<Row>(
  call: Call,
  limits: PageLimits,
  rows: readonly Row[],
  write: (row: Row) => object,
): SimulatedResponse {
  const { query } = call;
  const anyOffset = { min: 0, max: Number.MAX_SAFE_INTEGER };
  const limitBounds = { min: 1, max: limits.limitMax };
  const limitText = query.get('limit') ?? limits.limitDefault.toString();
  const limit = readInteger('query', 'limit', limitText, limitBounds);
  const offset = readInteger('query', 'offset', query.get('offset') ?? '0', anyOffset);
  return json({
    results: rows.slice(offset, offset + limit).map(write),
    total_result_count: rows.length,
    has_previous: offset > 0,
    has_next: offset + limit < rows.length,
  });
}

/** The envelope around a list that has no paging parameters. */
export function wholeList(rows: readonly object[]): SimulatedResponse {
  return json({
    results: rows,
    total_result_count: rows.length,
    has_previous: false,
    has_next: false,
  });
}
