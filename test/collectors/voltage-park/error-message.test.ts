import { expect, test } from 'vitest';
import { errorMessage } from '../../../collectors/voltage-park/error-message.ts';

test.each([
  ['a plain detail', '{"detail":"HostNode not found"}', 'HostNode not found'],
  [
    'a validation error',
    '{"detail":[{"loc":["query","limit"],"msg":"too large","type":"x"},{"msg":"no"}]}',
    'query: limit: too large; no',
  ],
  ['an empty detail', '{"detail":""}', null],
  ['a detail of another type', '{"detail":7}', null],
  ['a list', '[1]', null],
  ['no body', '', null],
  ['a page of a proxy', '<html>502</html>', null],
])('reads the words of %s', (_, body, words) => {
  expect(errorMessage(body)).toBe(words);
});
