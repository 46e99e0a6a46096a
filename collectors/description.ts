/**
 * A vendor's own description of its API (OpenAPI 3.0 or 3.1), as far as it says what an operation is
 * asked and answers. Nothing in the product depends on one: tests hold us to it, and `record` says
 * where an answer differs from it.
 */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { UsageError } from '../foundation/errors.ts';

type Json = Readonly<Record<string, unknown>>;

/** One parameter of an operation, as the description has it. */
export interface DescribedParameter {
  readonly name: string;
  readonly in: 'query' | 'path' | 'header' | 'cookie';
  readonly isRequired: boolean;
  /** Says whether a value is one that the parameter takes. */
  readonly accepts: (value: unknown) => boolean;
}

/** How a request proves who sends it: one of these is enough, none means that nobody need say. */
export interface DescribedSecurity {
  readonly header: string;
  /** What the header's value begins with: `Bearer `, or empty. */
  readonly prefix: string;
}

export interface DescribedOperation {
  readonly parameters: readonly DescribedParameter[];
  readonly security: readonly DescribedSecurity[];
  /** Null when the operation takes no body. */
  readonly acceptsBody: ((body: unknown) => boolean) | null;
  /** Where an answer of a status is not as described; null when nothing is said of that status. */
  readonly defectsOf: (status: number, body: unknown) => readonly DescriptionDefect[] | null;
}

/** Quotes no value of the answer. */
export interface DescriptionDefect {
  /** Steps from the answer's root; list elements by their index. */
  readonly path: readonly string[];
  readonly message: string;
}

const ROOT = 'description';
const JSON_TYPE = 'application/json';

export class Description {
  readonly #document: Json;
  readonly #ajv: Ajv2020;

  /** Throws UsageError for a text that is no OpenAPI document of version 3. `name` is the file's. */
  constructor(text: string, name: string) {
    this.#document = asJsonSchema(documentOf(text, name)) as Json;
    this.#ajv = new Ajv2020({
      strict: false,
      allErrors: true,
      logger: false,
      validateSchema: false,
    });
    formats.default(this.#ajv);
    this.#ajv.addSchema(this.#document, ROOT);
  }

  /** `operation` is a method and a path template; null when the description does not have it. */
  operation(operation: string): DescribedOperation | null {
    const [method = '', template = ''] = operation.split(' ');
    const itemPath = ['paths', template];
    const path = [...itemPath, method.toLowerCase()];
    const described = this.#at(path);
    if (!isJson(described)) return null;
    const body = this.#schemaAt([...path, 'requestBody', 'content', JSON_TYPE, 'schema']);
    return {
      parameters: [...this.#parametersAt(itemPath), ...this.#parametersAt(path)],
      security: this.#securityOf(described),
      acceptsBody: body === null ? null : (value) => body(value) === true,
      defectsOf: (status, answer) => {
        const response = ['responses', String(status), 'content', JSON_TYPE, 'schema'];
        const schema = this.#schemaAt([...path, ...response]);
        return schema === null ? null : defects(schema, answer);
      },
    };
  }

  /** Every name that it gives to a member of an object. */
  memberNames(): Set<string> {
    const names = new Set<string>();
    addMemberNames(names, this.#document);
    return names;
  }

  #at(path: readonly string[]): unknown {
    let place: unknown = this.#document;
    for (const step of path) {
      place = this.#resolved(
        isJson(place) || Array.isArray(place) ? Reflect.get(place, step) : null,
      );
    }
    return place;
  }

  #resolved(value: unknown): unknown {
    if (!isJson(value) || typeof value.$ref !== 'string') return value;
    return this.#at(stepsOf(decodeURIComponent(value.$ref.slice(ROOT.length))));
  }

  #schemaAt(path: readonly string[]): ValidateFunction | null {
    const schema = this.#at(path);
    return isJson(schema) ? this.#ajv.compile(schema) : null;
  }

  #parametersAt(path: readonly string[]): DescribedParameter[] {
    const list = this.#at([...path, 'parameters']);
    if (!Array.isArray(list)) return [];
    return list.flatMap((_, index) => {
      const place = [...path, 'parameters', String(index)];
      const parameter = this.#at(place);
      if (!isJson(parameter)) return [];
      const schema = this.#schemaAt([...place, 'schema']);
      return {
        name: String(parameter.name),
        in: parameter.in as DescribedParameter['in'],
        isRequired: parameter.required === true,
        accepts: (value) => schema === null || schema(value) === true,
      };
    });
  }

  #securityOf(operation: Json): DescribedSecurity[] {
    const alternatives = operation.security ?? this.#document.security;
    if (!Array.isArray(alternatives)) return [];
    return alternatives.flatMap((alternative: unknown) =>
      Object.keys(isJson(alternative) ? alternative : {}).flatMap((name) => {
        const scheme = this.#at(['components', 'securitySchemes', name]);
        if (!isJson(scheme)) return [];
        return scheme.type === 'apiKey'
          ? { header: String(scheme.name).toLowerCase(), prefix: '' }
          : { header: 'authorization', prefix: scheme.scheme === 'basic' ? 'Basic ' : 'Bearer ' };
      }),
    );
  }
}

function defects(schema: ValidateFunction, answer: unknown): DescriptionDefect[] {
  if (schema(answer) === true) return [];
  return (schema.errors ?? []).map(({ instancePath, message = 'is not as described', params }) => {
    const extra: unknown = params.additionalProperty;
    const path = stepsOf(instancePath);
    return {
      path: typeof extra === 'string' ? [...path, extra] : path,
      message: typeof extra === 'string' ? 'is not described' : message,
    };
  });
}

function documentOf(text: string, name: string): Json {
  let document: unknown = null;
  try {
    document = JSON.parse(text);
  } catch {
    throw new UsageError(`${name} is no JSON: give the description as an OpenAPI file in JSON`);
  }
  if (isJson(document) && /^3\./.test(String(document.openapi))) return document;
  throw new UsageError(`${name} is no OpenAPI description of version 3`);
}

/**
 * OpenAPI 3.0 writes `nullable` where JSON Schema names the type null, and some 3.1 files still do;
 * references are made absolute, so that every schema can be compiled by itself.
 */
function asJsonSchema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asJsonSchema);
  if (!isJson(value)) return value;
  const members = Object.entries(value).map(([name, member]) => [
    name,
    name === '$ref' && typeof member === 'string' ? `${ROOT}${member}` : asJsonSchema(member),
  ]);
  const { nullable, ...schema } = Object.fromEntries(members) as Json;
  if (nullable === true) return { anyOf: [schema, { type: 'null' }] };
  return nullable === undefined ? schema : { ...schema, nullable };
}

function addMemberNames(names: Set<string>, value: unknown): void {
  if (Array.isArray(value)) for (const element of value) addMemberNames(names, element);
  if (!isJson(value)) return;
  for (const [name, member] of Object.entries(value)) {
    if (name === 'properties' && isJson(member))
      for (const one of Object.keys(member)) names.add(one);
    addMemberNames(names, member);
  }
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The steps of a JSON pointer. */
function stepsOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}
