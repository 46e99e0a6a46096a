/**
 * Cuts a vendor's OpenAPI file down to the operations that our streams read, with what they refer to
 * and without its prose. To run by hand when a vendor publishes a newer file:
 * `node test/contracts/reduce-description.ts <file> <provider> > test/contracts/descriptions/<provider>.json`
 */
import { readFileSync } from 'node:fs';
import { PROVIDERS } from '../../collectors/registry.ts';

type Json = Readonly<Record<string, unknown>>;

/** Members that say nothing about what is asked or answered. Inside `properties` they are names. */
const PROSE = new Set([
  'description',
  'summary',
  'title',
  'example',
  'examples',
  'externalDocs',
  'tags',
  'operationId',
  'deprecated',
  'x-codeSamples',
]);
const MAPS_OF_NAMES = new Set(['properties', 'schemas', 'responses', 'parameters']);
/** What the path of an operation has beside it. */
const SHARED_BY_METHODS = 'parameters';

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withoutProse(value: unknown, areNames = false): unknown {
  if (Array.isArray(value)) return value.map((element) => withoutProse(element));
  if (!isJson(value)) return value;
  const kept = Object.entries(value).filter(
    ([name]) => areNames || !(PROSE.has(name) || name.startsWith('x-')),
  );
  return Object.fromEntries(
    kept.map(([name, member]) => [
      name,
      withoutProse(member, !areNames && MAPS_OF_NAMES.has(name)),
    ]),
  );
}

/** All `$ref`s of a value, in order of appearance. */
function references(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (!isJson(value)) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    name === '$ref' && typeof member === 'string' ? [member] : references(member),
  );
}

function at(description: Json, reference: string): unknown {
  return reference
    .slice('#/'.length)
    .split('/')
    .reduce<unknown>((place, step) => {
      const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
      return isJson(place) ? place[name] : undefined;
    }, description);
}

/** The operations and all that they refer to, prose left out. Throws for one that is not described. */
function reduced(description: Json, operations: readonly string[]): Json {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    const [method = '', template = ''] = operation.split(' ');
    const item = at(description, `#/paths/${template.replaceAll('/', '~1')}`);
    const found = isJson(item) ? item[method.toLowerCase()] : undefined;
    if (!isJson(item) || found === undefined) throw new Error(`${operation} is not described`);
    paths[template] = {
      ...(SHARED_BY_METHODS in item ? { parameters: withoutProse(item[SHARED_BY_METHODS]) } : {}),
      [method.toLowerCase()]: withoutProse(found),
    };
  }
  const components: Record<string, Record<string, unknown>> = {};
  const open = references(paths);
  for (let reference = open.shift(); reference !== undefined; reference = open.shift()) {
    const [, , kind = '', name = ''] = reference.split('/');
    const ofKind = components[kind] ?? {};
    components[kind] = ofKind;
    if (name in ofKind) continue;
    ofKind[name] = withoutProse(at(description, reference));
    open.push(...references(ofKind[name]));
  }
  const { openapi, security, components: all } = description;
  const securitySchemes = isJson(all) ? withoutProse(all.securitySchemes, true) : undefined;
  return { openapi, security, paths, components: { ...components, securitySchemes } };
}

const [file = '', providerId = ''] = process.argv.slice(2);
const provider = PROVIDERS.find(({ id }) => id === providerId);
if (provider === undefined) throw new Error(`no provider ${providerId}`);
const description = JSON.parse(readFileSync(file, 'utf8')) as Json;
const described = isJson(description.paths) ? description.paths : {};
const operations = provider.streams
  .map(({ operation }) => operation)
  .filter((operation) => (operation.split(' ')[1] ?? '') in described);
process.stdout.write(`${JSON.stringify(reduced(description, operations), null, 2)}\n`);
