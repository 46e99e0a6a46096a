/**
 * Checks the records of one answer against their schema, each by itself, so that a bad one can be
 * set aside. The parsed copy is looked at and thrown away: what is landed is the text.
 */
import type { Entity } from './stream.ts';

/** A record that failed its schema. */
export interface RecordDefect {
  /** 1-based place in a list as PostgreSQL counts, or the name of a map's member. */
  readonly place: string;
  /** False when its key could be any of the entity's. */
  readonly hasKey: boolean;
  /** `path: what is wrong`, all defects of the record. */
  readonly reason: string;
}

export interface ValidationReport {
  readonly records: number;
  readonly defects: readonly RecordDefect[];
  /** Top-level fields that the schema does not name: kept in the payload, reported as drift. */
  readonly unknownFields: ReadonlySet<string>;
}

export function validateRecords(entity: Entity, body: unknown): ValidationReport {
  const known = new Set([...Object.keys(entity.schema.shape), ...(entity.omit ?? [])]);
  const defects: RecordDefect[] = [];
  const unknownFields = new Set<string>();
  const records = recordsOf(entity, body);
  const places = placesOf(entity, body);
  for (const [index, record] of records.entries()) {
    const result = entity.schema.safeParse(record);
    const reason = result.success ? keyDefect(entity, record) : describe(result.error.issues);
    if (reason !== null) {
      const place = places[index] ?? `${index + 1}`;
      defects.push({ place, hasKey: recordKey(entity, record) !== null, reason });
    }
    if (typeof record !== 'object' || record === null) continue;
    for (const field of Object.keys(record)) if (!known.has(field)) unknownFields.add(field);
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
    if (typeof part !== 'string' && typeof part !== 'number') return null;
    parts.push(String(part));
  }
  const key = parts.join('/');
  return entity.keyCase === 'lower' ? key.toLowerCase() : key;
}

function keyDefect(entity: Entity, record: unknown): string | null {
  return recordKey(entity, record) === null ? 'the fields of its key are missing' : null;
}

function describe(issues: readonly { path: PropertyKey[]; message: string }[]): string {
  return issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`).join('; ');
}

function member(place: unknown, name: string): unknown {
  return isObject(place) ? place[name] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
