/**
 * Checks the records of one answer against their schema, each by itself, so that a bad one can be
 * set aside. The parsed copy is looked at and thrown away: what is landed is the text.
 */
import type { Unholdable } from './http/holdable.ts';
import type { Entity } from './stream.ts';

/** A record that failed its schema. */
export interface RecordDefect {
  /** 1-based place in a list as PostgreSQL counts, or the name of a map's member. */
  readonly place: string;
  /** False when its key could be any of the entity's. */
  readonly hasKey: boolean;
  /** `path: what is wrong`, the first defects of the record. */
  readonly reason: string;
}

export interface ValidationReport {
  readonly records: number;
  readonly defects: readonly RecordDefect[];
  /** Top-level fields that the schema does not name: kept in the payload, reported as drift. */
  readonly unknownFields: ReadonlySet<string>;
}

/**
 * A key's longest text in UTF-8. An index row holds 2,704 bytes, and the key of a record can be the
 * name of a slice in the key of another.
 */
export const KEY_BYTES_MAX = 512;

/** Members and elements of one record: checking one that is larger would take too much memory. */
const RECORD_VALUES_MAX = 200_000;
/** Drift is reported with so many names of fields, not with all that a hostile answer can invent. */
const UNKNOWN_FIELDS_MAX = 100;
const ISSUES_NAMED_MAX = 10;
const REASON_CHARACTERS_MAX = 1_000;

/** `unholdable` names what was replaced in the answer because PostgreSQL cannot hold it. */
export function validateRecords(
  entity: Entity,
  body: unknown,
  unholdable: readonly Unholdable[] = [],
): ValidationReport {
  const known = new Set([...Object.keys(entity.schema.shape), ...(entity.omit ?? [])]);
  const replaced = replacedByPlace(entity, unholdable);
  const defects: RecordDefect[] = [];
  const unknownFields = new Set<string>();
  const records = recordsOf(entity, body);
  const places = placesOf(entity, body);
  for (const [index, record] of records.entries()) {
    const place = places[index] ?? `${index + 1}`;
    const reason = replaced.get(place) ?? defectOf(entity, record, places[index]);
    if (reason !== null) {
      const hasKey = recordKey(entity, record) !== null;
      defects.push({ place, hasKey, reason: reason.slice(0, REASON_CHARACTERS_MAX) });
    }
    if (typeof record !== 'object' || record === null) continue;
    for (const field in record) {
      if (unknownFields.size >= UNKNOWN_FIELDS_MAX) break;
      if (!known.has(field)) unknownFields.add(field);
    }
  }
  return { records: records.length, defects, unknownFields };
}

/** The entity's records in an answer, in order; none when the path leads nowhere. */
export function recordsOf(entity: Entity, body: unknown): unknown[] {
  const place = entity.records.path.reduce<unknown>(member, body);
  switch (entity.records.shape) {
    case 'array':
      return Array.isArray(place) ? place : [];
    case 'object':
      return place === undefined ? [] : [place];
    case 'map':
      return typeof place === 'object' && place !== null
        ? Object.values(place).filter((value) => isObject(value))
        : [];
  }
}

/** The names of a map's members, in the order of its records; nothing for the other shapes. */
function placesOf(entity: Entity, body: unknown): string[] {
  if (entity.records.shape !== 'map') return [];
  const place = entity.records.path.reduce<unknown>(member, body);
  return isObject(place) ? Object.keys(place).filter((name) => isObject(place[name])) : [];
}

/** The record's key as text, or null when a part of it is missing. */
export function recordKey(entity: Entity, record: unknown): string | null {
  const parts: string[] = [];
  for (const path of entity.key) {
    const part = path.reduce<unknown>(member, record);
    if (entity.keyIsObject === true && isObject(part)) parts.push(JSON.stringify(part));
    else if (typeof part === 'string' || typeof part === 'number') parts.push(String(part));
    else return null;
  }
  const key = parts.join('/');
  return entity.keyCase === 'lower' ? key.toLowerCase() : key;
}

/** The keys under which an answer's records are landed, in their order; null for a broken one. */
export function keysOf(entity: Entity, body: unknown): (string | null)[] {
  if (entity.records.shape === 'map') return placesOf(entity, body);
  return recordsOf(entity, body).map((record) => recordKey(entity, record));
}

/** What was replaced inside each record, by its place; not what the record is landed without. */
function replacedByPlace(
  { records, omit = [] }: Entity,
  unholdable: readonly Unholdable[],
): ReadonlyMap<string, string> {
  const replaced = new Map<string, string>();
  for (const { path, reason } of unholdable) {
    if (!records.path.every((step, index) => path[index] === step)) continue;
    const within = path.slice(records.path.length);
    const step = records.shape === 'object' ? '' : within.shift();
    const [field] = within;
    if (step === undefined || (field !== undefined && omit.includes(field))) continue;
    const place = records.shape === 'map' ? step : `${Number(step) + 1}`;
    const named = [within.join('.'), reason].filter((text) => text !== '').join(': ');
    const before = replaced.get(place);
    if (before === undefined) replaced.set(place, named);
    else if (before.length < REASON_CHARACTERS_MAX) replaced.set(place, `${before}; ${named}`);
  }
  return replaced;
}

/** What is wrong with a record, or null. `name`: of the map's member that it is. */
function defectOf(entity: Entity, record: unknown, name: string | undefined): string | null {
  if (valuesUpTo(record, entity.omit ?? [], RECORD_VALUES_MAX) > RECORD_VALUES_MAX) {
    return `the record holds more than ${RECORD_VALUES_MAX} values`;
  }
  const result = entity.schema.safeParse(record);
  if (!result.success) return describe(result.error.issues);
  const key = name ?? recordKey(entity, record);
  if (key === null) return 'the fields of its key are missing';
  if (key.length * 3 > KEY_BYTES_MAX && Buffer.byteLength(key) > KEY_BYTES_MAX) {
    return `its key is longer than ${KEY_BYTES_MAX} bytes`;
  }
  return null;
}

/** Members and elements on all levels, counted until there are more than `limit`. */
function valuesUpTo(value: unknown, omit: readonly string[], limit: number): number {
  if (typeof value !== 'object' || value === null) return 1;
  let values = 1;
  if (Array.isArray(value)) {
    for (const element of value as unknown[]) {
      values += valuesUpTo(element, [], limit - values);
      if (values > limit) return values;
    }
    return values;
  }
  for (const name in value) {
    if (omit.includes(name)) continue;
    values += valuesUpTo(Reflect.get(value, name), [], limit - values);
    if (values > limit) return values;
  }
  return values;
}

function describe(issues: readonly { path: PropertyKey[]; message: string }[]): string {
  const named = issues
    .slice(0, ISSUES_NAMED_MAX)
    .map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
  if (issues.length > ISSUES_NAMED_MAX) named.push(`${issues.length - ISSUES_NAMED_MAX} more`);
  return named.join('; ');
}

function member(place: unknown, name: string): unknown {
  return isObject(place) ? place[name] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
