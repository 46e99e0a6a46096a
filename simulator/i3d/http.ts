/** The HTTP habits that FlexVM, FlexMetal and the account API share. */
import type { SimulatedRequest, SimulatedResponse } from '../provider.ts';

/** Documented for FlexMetal; taken for FlexVM too. A larger request is cut down to it. */
const RESULTS_MAX = 50;

export const FLEX_VM_RESULTS_DEFAULT = 25;
export const FLEX_METAL_RESULTS_DEFAULT = 15;

export interface PropertyError {
  readonly property: string;
  readonly message: string;
}

/** A refusal that a handler throws and the front door turns into i3D's error shape. */
export class I3dRefusal extends Error {
  readonly status: number;
  readonly errorCode: number;
  readonly errors: readonly PropertyError[];

  constructor(status: number, errorCode: number, message: string, errors: PropertyError[] = []) {
    super(message);
    this.name = 'I3dRefusal';
    this.status = status;
    this.errorCode = errorCode;
    this.errors = errors;
  }
}

export function entityNotFound(): I3dRefusal {
  return new I3dRefusal(404, 10001, 'Entity not found');
}

export function badCredentials(): I3dRefusal {
  return new I3dRefusal(401, 10002, 'Authentication failed');
}

export function badMethod(): I3dRefusal {
  return new I3dRefusal(405, 10005, 'Method not allowed');
}

export function badRequest(message: string, property: string): I3dRefusal {
  return new I3dRefusal(400, 10003, 'Bad request', [{ property, message }]);
}

export function badValue(message: string, property: string): I3dRefusal {
  return new I3dRefusal(422, 10004, 'Validation failed', [{ property, message }]);
}

export function refusalResponse(refusal: I3dRefusal): SimulatedResponse {
  return {
    status: refusal.status,
    body: JSON.stringify({
      errorCode: refusal.errorCode,
      errorMessage: refusal.message,
      errors: refusal.errors,
    }),
  };
}

export function okJson(value: unknown): SimulatedResponse {
  return { status: 200, body: JSON.stringify(value) };
}

/** A JSON array of texts that are JSON already. */
export function okArray(texts: readonly string[]): SimulatedResponse {
  return { status: 200, body: `[${texts.join(',')}]` };
}

/** The page that the RANGED-DATA header asks for; an empty list beyond the end. */
export function rangedPage<T>(
  request: SimulatedRequest,
  items: readonly T[],
  resultsDefault: number,
): readonly T[] {
  const { start, results } = readRange(request.headers['ranged-data'], resultsDefault);
  return items.slice(start, start + results);
}

function readRange(
  header: string | undefined,
  resultsDefault: number,
): { start: number; results: number } {
  let start = 0;
  let results = resultsDefault;
  if (header === undefined || header.trim() === '') return { start, results };
  for (const part of header.split(',')) {
    const match = /^\s*(start|results)\s*=\s*(\d{1,9})\s*$/.exec(part);
    if (match === null) throw badValue('expected start=<offset>,results=<count>', 'RANGED-DATA');
    if (match[1] === 'start') start = Number(match[2]);
    else results = Number(match[2]);
  }
  if (results === 0) throw badValue('results must be at least 1', 'RANGED-DATA');
  return { start, results: Math.min(results, RESULTS_MAX) };
}
