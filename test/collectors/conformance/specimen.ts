/**
 * The fixtures, and what the suite makes of them: more records, fewer, damaged ones. A specimen is
 * one stream of the registry with one answer body taken from the provider's documents.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Provider } from '../../../collectors/provider.ts';
import { PROVIDERS } from '../../../collectors/registry.ts';
import type { Entity, Stream } from '../../../collectors/stream.ts';
import { recordKey, recordsOf } from '../../../collectors/validate-records.ts';

export type JsonObject = Record<string, unknown>;

export interface Specimen {
  readonly provider: Provider;
  readonly stream: Stream;
  /** The fixture as it was written: numbers keep their digits. */
  readonly text: string;
}

const FIXTURES_FOLDER = path.resolve(import.meta.dirname, '../../fixtures');

/** Every stream of every provider that is an endpoint; streams of files and of declared metrics have tests of their own. */
export const DECLARED: readonly { readonly provider: Provider; readonly stream: Stream }[] =
  PROVIDERS.flatMap((provider) =>
    provider.streams
      .filter(({ files, slices }) => files === undefined && slices.kind !== 'metric-days')
      .map((stream) => ({ provider, stream })),
  );

/** Every stream that has a fixture; fixtures.test.ts fails for the others. */
export const SPECIMENS: readonly Specimen[] = DECLARED.flatMap(({ provider, stream }) => {
  const file = path.join(FIXTURES_FOLDER, fixtureName(provider, stream));
  return existsSync(file) ? [{ provider, stream, text: readFileSync(file, 'utf8') }] : [];
});

/** `<provider id>/<stream id>.json` */
export function fixtureName(provider: Provider, stream: Stream): string {
  return `${provider.id}/${stream.id}.json`;
}

export function fixtureNamesOnDisk(): string[] {
  return readdirSync(FIXTURES_FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.split(path.sep).join('/'));
}

/** The specimen of the stream that lands an entity, in the same provider. */
export function parentOf({ provider, stream }: Specimen, entity: string): Specimen {
  const parent = SPECIMENS.find(
    (candidate) =>
      candidate.provider === provider &&
      candidate.stream.entities.some(({ name }) => name === entity),
  );
  if (parent !== undefined) return parent;
  throw new Error(
    `no stream of ${provider.id} with a fixture lands ${entity}, parent of ${stream.id}`,
  );
}

/** A copy of the fixture that may be changed. */
export function bodyOf({ text }: Specimen): unknown {
  return JSON.parse(text);
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The list, object or map in which an entity's records stand. */
function placeOf(entity: Entity, body: unknown): unknown {
  return entity.records.path.reduce<unknown>(
    (place, name) => (isObject(place) ? place[name] : undefined),
    body,
  );
}

/** The same body with something else where an entity's records stand. */
export function withPlace(entity: Entity, body: unknown, place: unknown): unknown {
  const [last, ...before] = entity.records.path.toReversed();
  if (last === undefined) return place;
  const parent = before
    .toReversed()
    .reduce<unknown>((inner, name) => (isObject(inner) ? inner[name] : undefined), body);
  if (!isObject(parent)) throw new Error(`the fixture has no ${entity.records.path.join('.')}`);
  parent[last] = place;
  return body;
}

/** The records of an entity as objects that belong to the body: changing them changes it. */
export function objectsOf(entity: Entity, body: unknown): JsonObject[] {
  return recordsOf(entity, body).filter((record) => isObject(record));
}

/** The key under which a record is landed. */
export function keyOf(entity: Entity, body: unknown, index: number): string | null {
  if (entity.records.shape !== 'map') return recordKey(entity, recordsOf(entity, body)[index]);
  return memberNames(entity, body)[index] ?? null;
}

function memberNames(entity: Entity, body: unknown): string[] {
  const place = placeOf(entity, body);
  return isObject(place) ? Object.keys(place).filter((name) => isObject(place[name])) : [];
}

/** One entity per place that can hold many records: those that share a place share its fate. */
export function listedEntities(stream: Stream): Entity[] {
  const listed = stream.entities.filter(({ records }) => records.shape !== 'object');
  return [...Map.groupBy(listed, placeName).values()].flatMap(([first]) => first ?? []);
}

/** All entities whose records stand in the same place. */
export function entitiesBeside(stream: Stream, entity: Entity): Entity[] {
  return stream.entities.filter((other) => placeName(other) === placeName(entity));
}

function placeName({ records }: Entity): string {
  return [records.shape, ...records.path].join('.');
}

/**
 * The body with exactly so many records of an entity, and of those beside it: copies of the first
 * one under keys of their own. Names of map members come in an order that is not PostgreSQL's.
 */
export function withCount(stream: Stream, entity: Entity, body: unknown, count: number): unknown {
  const [first] = objectsOf(entity, body);
  if (first === undefined) throw new Error(`the fixture has no ${entity.name}`);
  if (entity.records.shape === 'map') {
    const [name = ''] = memberNames(entity, body);
    const members = Array.from({ length: count }, (_, index) => {
      const copy = structuredClone(first);
      return [`${name}${'_'.repeat(count - index)}`, copy] as const;
    });
    return withPlace(entity, body, Object.fromEntries(members));
  }
  const beside = entitiesBeside(stream, entity);
  const records = Array.from({ length: count }, (_, index) => rekeyed(beside, first, index));
  const keys = new Set(records.map((record) => recordKey(entity, record)));
  const isSound = records.every((record) =>
    beside.every((other) => other.schema.safeParse(record).success),
  );
  if (keys.size < count || !isSound) throw new Error(`cannot make more records of ${entity.name}`);
  return withPlace(entity, body, records);
}

/** What stands in an entity's place when only its first records are left. */
export function recordsLeft(entity: Entity, body: unknown, count: number): unknown {
  const place = placeOf(entity, body);
  if (Array.isArray(place)) return place.slice(0, count);
  if (!isObject(place)) throw new Error(`no list of ${entity.name}`);
  const dropped = new Set(memberNames(entity, body).slice(count));
  return Object.fromEntries(Object.entries(place).filter(([name]) => !dropped.has(name)));
}

function rekeyed(entities: readonly Entity[], record: JsonObject, index: number): JsonObject {
  const copy = structuredClone(record);
  const varied = new Map(entities.map(({ key }) => [(key[0] ?? []).join('.'), key[0] ?? []]));
  for (const keyPath of varied.values()) {
    const name = keyPath.at(-1) ?? '';
    const parent = keyPath
      .slice(0, -1)
      .reduce<unknown>((place, step) => (isObject(place) ? place[step] : undefined), copy);
    if (isObject(parent)) parent[name] = variant(parent[name], index);
  }
  return copy;
}

/** Another value of the same form: an address stays an address, a UUID a UUID. */
function variant(value: unknown, index: number): unknown {
  if (typeof value === 'number') return value + 7000 + index;
  const text = String(value);
  const digits = `${7000 + index}`;
  return text.length >= 2 * digits.length ? text.slice(0, -digits.length) + digits : text + digits;
}

/** A copy of the record, under the same key, with one value of a type that its schema refuses. */
export function damaged(entity: Entity, record: JsonObject): JsonObject {
  for (const place of objectsWithin(record, 2)) {
    for (const name of Object.keys(place.object)) {
      const copy = structuredClone(record);
      const target = place.path.reduce<JsonObject>(
        (inner, step) => inner[step] as JsonObject,
        copy,
      );
      target[name] = [{ meterhouse: 'a value of another type' }];
      if (entity.schema.safeParse(copy).success) continue;
      if (recordKey(entity, copy) === recordKey(entity, record)) return copy;
    }
  }
  throw new Error(`the schema of ${entity.name} refuses nothing but a broken key`);
}

/** The object and those inside it, down to a depth, outermost first. */
export function objectsWithin(
  object: JsonObject,
  depth: number,
  place: readonly string[] = [],
): { readonly path: readonly string[]; readonly object: JsonObject }[] {
  const here = [{ path: place, object }];
  if (depth === 0) return here;
  const inner = Object.entries(object).flatMap(([name, value]) =>
    isObject(value) ? objectsWithin(value, depth - 1, [...place, name]) : [],
  );
  return [...here, ...inner];
}
