/** Goal: a vendor's description is read as it is meant. Method: small ones, written here. */
import { expect, test } from 'vitest';
import { type DescribedOperation, Description } from '../../collectors/description.ts';
import { UsageError } from '../../foundation/errors.ts';

/** A description whose only operation answers with the schema. */
function answering(openapi: string, schema: unknown): DescribedOperation {
  const document = {
    openapi,
    security: [{ key: [] }],
    paths: {
      '/things/{id}': {
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }],
        get: {
          parameters: [{ $ref: '#/components/parameters/Limit' }],
          responses: { 200: { content: { 'application/json': { schema } } }, 404: {} },
        },
        post: { security: [], requestBody: { content: { 'application/json': { schema } } } },
      },
    },
    components: {
      parameters: {
        Limit: { name: 'limit', in: 'query', schema: { type: 'integer', maximum: 9 } },
      },
      schemas: { Place: { type: 'object', required: ['city'], properties: { city: {} } } },
      securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } },
    },
  };
  const operation = new Description(JSON.stringify(document), 'a file').operation(
    'GET /things/{id}',
  );
  if (operation === null) throw new Error('not described');
  return operation;
}

const place = (nullable: boolean) => ({
  type: 'object',
  additionalProperties: false,
  properties: {
    name: { type: 'string', ...(nullable ? { nullable: true } : {}) },
    place: { $ref: '#/components/schemas/Place' },
  },
});

test.each(['3.0.0', '3.1.0'])('null is what OpenAPI %s says that it is', (openapi) => {
  const body = { name: null };
  expect(answering(openapi, place(true)).defectsOf(200, body)).toEqual([]);
  expect(answering(openapi, place(false)).defectsOf(200, body)).toEqual([
    { path: ['name'], message: 'must be string' },
  ]);
});

test('a defect names its place and no value', () => {
  const operation = answering('3.0.0', { type: 'array', items: place(false) });
  const body = [{}, { place: {}, secret: 'CANARY' }];
  expect(operation.defectsOf(200, body)).toEqual([
    { path: ['1', 'secret'], message: 'is not described' },
    { path: ['1', 'place'], message: "must have required property 'city'" },
  ]);
});

test('what is not described is no defect, but not held to anything', () => {
  const operation = answering('3.0.0', place(false));
  expect(operation.defectsOf(404, {})).toBeNull();
  expect(operation.defectsOf(500, {})).toBeNull();
  expect(operation.acceptsBody).toBeNull();
});

test('parameters are those of the path and of the operation, references followed', () => {
  const { parameters, security } = answering('3.0.0', place(false));
  expect(parameters).toMatchObject([
    { name: 'id', in: 'path', isRequired: true },
    { name: 'limit', in: 'query', isRequired: false },
  ]);
  expect(parameters.map(({ accepts }) => [accepts(9), accepts(10), accepts('9')])).toEqual([
    [true, true, false],
    [true, false, false],
  ]);
  expect(security).toEqual([{ header: 'x-key', prefix: '' }]);
});

test.each(['{', '[]', '{"openapi":"2.0"}'])('%s is no description', (text) => {
  expect(() => new Description(text, 'a file')).toThrow(UsageError);
});
