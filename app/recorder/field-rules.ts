/**
 * What the declarations of a provider's streams say of the fields in its answers: which are known,
 * which may be kept, which are ids or money. Everything that is not said here is scrubbed.
 */
import * as z from 'zod';
import type { Provider } from '../../collectors/provider.ts';
import type { Entity, Stream } from '../../collectors/stream.ts';

/** What this file reads of a JSON schema. */
export interface FieldSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly additionalProperties?: FieldSchema | boolean;
  readonly items?: FieldSchema;
  readonly anyOf?: readonly FieldSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
}

export interface EntityRules {
  readonly entity: Entity;
  readonly schema: FieldSchema;
  /** Paths as `Entity.vendorFields` writes them. */
  readonly vendor: ReadonlySet<string>;
  readonly money: ReadonlySet<string>;
  readonly prose: ReadonlySet<string>;
  readonly keys: ReadonlySet<string>;
}

/** Members of envelopes and of error bodies. */
const COMMON_NAMES = [
  ...['results', 'total_result_count', 'has_previous', 'has_next', 'pagination', 'items'],
  ...['error', 'errors', 'errorCode', 'errorMessage', 'message', 'detail', 'details', 'code'],
  ...['status', 'name', 'property', 'loc', 'msg', 'type', 'title'],
];
/** Counts of the paging, without which a listing cannot be read. */
export const PAGING_COUNTS: ReadonlySet<string> = new Set(['total_result_count']);
const SENSITIVE_NAME =
  /pass|secret|token|(?:^|_)pin$|cvv|cvc|card|digits|last_?four|iban|bic|phone|mobile|birth|ssn|zip|postal|latitude|longitude/i;
const ID_NAME = /(?:^|_)(?:u?u?id|ids|uuids|order|suborder|serial)$|(?:Id|Ids|ID|Uuid|Number)$/;

export function rulesOf(stream: Stream): EntityRules[] {
  return stream.entities.map((entity) => ({
    entity,
    schema: z.toJSONSchema(entity.schema, { io: 'input', unrepresentable: 'any' }) as FieldSchema,
    vendor: new Set(entity.vendorFields),
    money: new Set(entity.moneyFields),
    prose: new Set(entity.proseFields),
    keys: new Set(entity.key.map((path) => path.join('.'))),
  }));
}

/** Names of fields that the vendor's documents have, so that they say nothing of the customer. */
export function knownNames(provider: Provider): Set<string> {
  const names = new Set(COMMON_NAMES);
  for (const stream of provider.streams) {
    for (const { entity, schema } of rulesOf(stream)) {
      for (const step of entity.records.path) names.add(step);
      for (const field of entity.omit ?? []) names.add(field);
      const { vendorFields = [], moneyFields = [], proseFields = [] } = entity;
      for (const path of [...vendorFields, ...moneyFields, ...proseFields]) {
        for (const name of path.split(/[.[\]{}]+/)) if (name !== '') names.add(name);
      }
      addNames(names, schema);
    }
  }
  return names;
}

function addNames(names: Set<string>, schema: FieldSchema): void {
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    names.add(name);
    addNames(names, member);
  }
  const inner = [...(schema.anyOf ?? []), schema.items, schema.additionalProperties];
  for (const part of inner) if (typeof part === 'object') addNames(names, part);
}

/** A name that ids have, also where no declaration says that it is one. */
export function isIdName(name: string): boolean {
  return ID_NAME.test(name);
}

/** A name of what nobody else should know, whatever form its value has. */
export function isSensitiveName(name: string): boolean {
  return SENSITIVE_NAME.test(name);
}

/** The schemas that a value can have, with the alternatives of each. */
export function alternatives(schemas: readonly FieldSchema[]): FieldSchema[] {
  return schemas.flatMap((schema) => [schema, ...alternatives(schema.anyOf ?? [])]);
}

/** Those of a member; none when no schema knows it. */
export function memberSchemas(schemas: readonly FieldSchema[], name: string): FieldSchema[] {
  return alternatives(schemas).flatMap((schema) => {
    const { properties, additionalProperties } = schema;
    const own = properties !== undefined && Object.hasOwn(properties, name);
    if (own) return [properties[name] ?? {}];
    return isMap(schema) ? [additionalProperties as FieldSchema] : [];
  });
}

export function elementSchemas(schemas: readonly FieldSchema[]): FieldSchema[] {
  return alternatives(schemas).flatMap(({ items }) => (items === undefined ? [] : [items]));
}

/** Whether a schema says of what form the members of any name are. */
export function isMap({ additionalProperties }: FieldSchema): boolean {
  return typeof additionalProperties === 'object' && Object.keys(additionalProperties).length > 0;
}

/** Whether a text is one of the few that a schema allows. */
export function isListed(schemas: readonly FieldSchema[], text: string): boolean {
  return alternatives(schemas).some(
    (schema) => schema.const === text || schema.enum?.includes(text) === true,
  );
}

/** Whether a number may stand there: then its text may, too. */
export function isNumeric(schemas: readonly FieldSchema[]): boolean {
  return alternatives(schemas).some(({ type }) => type === 'number' || type === 'integer');
}

/** Whether a number may stand there, also where the schema leaves the form open. */
export function takesNumber(schemas: readonly FieldSchema[]): boolean {
  const isOpen = alternatives(schemas).some(
    ({ type, anyOf, properties }) =>
      type === undefined && anyOf === undefined && properties === undefined,
  );
  return isOpen || isNumeric(schemas);
}
