/** What each field of an entity's schema can be at its bounds: the records that the schema lets through. */
import type * as z from 'zod';
import type { Entity, Stream } from '../../../collectors/stream.ts';
import { type JsonObject, objectsOf } from './specimen.ts';

const INSTANTS = [
  ...['0001', '1970', '1999', '2000', '2026', '2099', '2100', '9999'].map(
    (year) => `${year}-12-31T23:59:59Z`,
  ),
  '0000-01-01T00:00:00Z',
  '2026-02-29T00:00:00Z',
  '2026-10-15T24:00:00Z',
  '2026-10-15T23:59:60Z',
  '2026-10-15T10:00Z',
  '2026-10-15T10:00:00',
  '2026-10-15T10:00:00.123456789012345Z',
  '2026-10-15T10:00:00+14:59',
  '2026-10-15T10:00:00-15:59',
  '2026-10-15T10:00:00+23:59',
  '2026-10-15T10:00:00-00:00',
  '2026-10-15',
  '0001-01-01',
  '9999-12-31',
  '+002026-10-15T10:00:00.000000000Z',
  '+002999-10-15T10:00:00.000000000Z',
];
const NUMBERS = [
  0,
  -1,
  1,
  0.5,
  1e-7,
  5e-324,
  999_999_999,
  2_147_483_647,
  2_147_483_648,
  -2_147_483_649,
  4_102_444_799,
  4_102_444_800,
  9_999_999_999,
  10_000_000_000,
  99_999_999_999,
  100_000_000_000,
  999_999_999_999_999,
  1e15,
  1e16,
  Number.MAX_SAFE_INTEGER,
  1e18,
  1e22,
  1e100,
  Number.MAX_VALUE,
];
const WORDS = ['', ' ', 'x', '.5', '5.', '1e5', '1E-99', '1e400', 'NaN', 'Infinity', 'infinity'];
const DIGITS = [9, 10, 11, 12, 13, 16, 20, 40].map((count) => '9'.repeat(count));
const BOUNDARIES: readonly unknown[] = [
  null,
  true,
  [],
  {},
  ...NUMBERS,
  ...NUMBERS.map(String),
  ...DIGITS,
  ...DIGITS.map((digits) => `-${digits}.${digits}`),
  ...WORDS,
  ...INSTANTS,
];

export interface Variant {
  readonly entity: string;
  readonly slice: string;
  readonly field: string;
  /** Where the value stands, and what it is. */
  readonly path: string;
  readonly value: unknown;
  /** The record as the fixture has it, and with the value. */
  readonly former: string;
  readonly payload: string;
}

/** Paths of all fields that a schema names; `0` stands for the first element of a list. */
function fieldPaths(schema: z.core.$ZodType, path: readonly string[], found: string[][]): void {
  const def = schema._zod.def as unknown as Readonly<Record<string, unknown>>;
  const inner = def.innerType as z.core.$ZodType | undefined;
  if (inner !== undefined) {
    fieldPaths(inner, path, found);
    return;
  }
  if (path.length > 0) found.push([...path]);
  if (def.type === 'object') {
    for (const [name, field] of Object.entries(def.shape as Record<string, z.core.$ZodType>)) {
      fieldPaths(field, [...path, name], found);
    }
  }
  if (def.type === 'array') fieldPaths(def.element as z.core.$ZodType, [...path, '0'], found);
  if (def.type === 'record') fieldPaths(def.valueType as z.core.$ZodType, [...path, '*'], found);
  if (def.type === 'union') {
    for (const option of def.options as z.core.$ZodType[]) fieldPaths(option, path, found);
  }
}

/** The record with another value in a place, or null where the record has no such place. */
export function withValue(
  record: JsonObject,
  path: readonly string[],
  value: unknown,
): JsonObject | null {
  const copy = structuredClone(record);
  let parent: unknown = copy;
  for (const [index, step] of path.entries()) {
    if (typeof parent !== 'object' || parent === null) return null;
    const name = step === '*' ? (Object.keys(parent)[0] ?? 'any') : step;
    if (index === path.length - 1) Reflect.set(parent, name, value);
    else parent = Reflect.get(parent, name);
  }
  return copy;
}

/** One for each field and bound that makes another record which the schema lets through. */
export function variantsOf(stream: Stream, entity: Entity, body: unknown): Variant[] {
  const found: string[][] = [];
  fieldPaths(entity.schema, [], found);
  const paths = [...new Map(found.map((path) => [path.join('.'), path]))];
  const slice = stream.slices.kind === 'months' ? '2026-10' : 'parent';
  const seen = new Set<string>();
  return objectsOf(entity, body).flatMap((record) => {
    const kept = structuredClone(record);
    for (const name of entity.omit ?? []) delete kept[name];
    const former = JSON.stringify(kept);
    return paths.flatMap(([field, path]) =>
      BOUNDARIES.flatMap((value) => {
        const changed = withValue(record, path, value);
        if (changed === null || !entity.schema.safeParse(changed).success) return [];
        for (const name of entity.omit ?? []) delete changed[name];
        const payload = JSON.stringify(changed);
        if (seen.has(payload)) return [];
        seen.add(payload);
        const written = `${field} = ${JSON.stringify(value)}`;
        return [
          { entity: entity.name, slice, field: written, path: field, value, former, payload },
        ];
      }),
    );
  });
}

/** Of each field of an entity's first record: the smallest and largest number, the first and last instant. */
export function extremesOf(variants: readonly Variant[]): Variant[] {
  const ofFirst = variants.filter(({ former }) => former === variants[0]?.former);
  return [...Map.groupBy(ofFirst, ({ path }) => path).values()].flatMap((ofField) =>
    (['number', 'instant'] as const).flatMap((kind) => {
      const ranked = ofField
        .filter(({ value }) => kindOf(value) === kind)
        .toSorted((a, b) => rank(kind, a.value) - rank(kind, b.value));
      return [...new Set([ranked[0], ranked.at(-1)])].filter((each) => each !== undefined);
    }),
  );
}

/** A number may be written as a text. */
function kindOf(value: unknown): 'number' | 'instant' | null {
  if (typeof value === 'number') return 'number';
  if (typeof value !== 'string' || value.trim() === '') return null;
  if (!Number.isNaN(Number(value))) return 'number';
  return Number.isNaN(Date.parse(value)) ? null : 'instant';
}

function rank(kind: 'number' | 'instant', value: unknown): number {
  return kind === 'number' ? Number(value) : Date.parse(String(value));
}
