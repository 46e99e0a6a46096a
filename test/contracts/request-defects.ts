/** Compares a request as it came over a socket with the operation that describes it. */
import type { DescribedOperation, DescribedParameter } from '../../collectors/description.ts';
import type { Stream } from '../../collectors/stream.ts';
import type { FakeRequest } from '../support/fake-api.ts';

/** Of HTTP itself: every operation takes them. */
const HEADERS_OF_HTTP = new Set([
  'accept',
  'accept-encoding',
  'connection',
  'content-length',
  'content-type',
  'host',
  'transfer-encoding',
  'user-agent',
]);

/** One line for each thing that the operation does not describe, or that it misses. */
export function requestDefects(
  stream: Stream,
  operation: DescribedOperation,
  request: FakeRequest,
): string[] {
  const [method, template = ''] = stream.operation.split(' ');
  return [
    ...(request.method === method ? [] : [`method ${request.method} is not ${method}`]),
    ...pathDefects(template, operation, request.path),
    ...queryDefects(operation, request.query),
    ...headerDefects(operation, request.headers),
    ...bodyDefects(operation, request),
  ];
}

function pathDefects(template: string, operation: DescribedOperation, path: string): string[] {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  const [first = '', ...rest] = template.split(/\{\w+\}/).map((text) => RegExp.escape(text));
  const match = new RegExp(`^${first}${rest.map((text) => `([^/]+)${text}`).join('')}$`).exec(path);
  if (match === null) return [`path ${path} is not ${template}`];
  return names.flatMap((name, index) => {
    const parameter = find(operation, 'path', name);
    const value = decodeURIComponent(match[index + 1] ?? '');
    if (parameter !== undefined && accepts(parameter, value)) return [];
    return [`path ${name} does not take "${value}"`];
  });
}

function queryDefects(operation: DescribedOperation, query: URLSearchParams): string[] {
  const sent = [...query].flatMap(([name, value]) => {
    const parameter = find(operation, 'query', name);
    if (parameter === undefined) return [`query ${name} is not described`];
    return accepts(parameter, value) ? [] : [`query ${name} does not take "${value}"`];
  });
  const missing = operation.parameters.filter(
    (parameter) => parameter.in === 'query' && parameter.isRequired && !query.has(parameter.name),
  );
  return [...sent, ...missing.map(({ name }) => `query ${name} is missing`)];
}

function headerDefects(operation: DescribedOperation, headers: FakeRequest['headers']): string[] {
  const proofs = operation.security;
  const isSigned = proofs.some(({ header, prefix }) => {
    const value = headers[header];
    return typeof value === 'string' && value.startsWith(prefix);
  });
  const strange = Object.keys(headers).filter(
    (name) =>
      !HEADERS_OF_HTTP.has(name) &&
      !proofs.some(({ header }) => header === name) &&
      find(operation, 'header', name) === undefined,
  );
  return [
    ...strange.map((name) => `header ${name} is not described`),
    ...(proofs.length === 0 || isSigned ? [] : ['no header proves the identity']),
  ];
}

function bodyDefects({ acceptsBody }: DescribedOperation, request: FakeRequest): string[] {
  if (acceptsBody === null) return request.body === '' ? [] : ['body is not described'];
  if (request.body === '') return ['body is missing'];
  const isJson = request.headers['content-type'] === 'application/json';
  return isJson && acceptsBody(JSON.parse(request.body)) ? [] : ['body is not as described'];
}

function find(
  { parameters }: DescribedOperation,
  place: DescribedParameter['in'],
  name: string,
): DescribedParameter | undefined {
  const isSame = (other: string): boolean =>
    place === 'header' ? other.toLowerCase() === name : other === name;
  return parameters.find((parameter) => parameter.in === place && isSame(parameter.name));
}

/** On the wire every value is text: a whole number is one, too. */
function accepts(parameter: DescribedParameter, value: string): boolean {
  return parameter.accepts(value) || (/^\d+$/.test(value) && parameter.accepts(Number(value)));
}
