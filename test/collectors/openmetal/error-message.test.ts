import { expect, test } from 'vitest';
import { openmetalErrorMessage } from '../../../collectors/openmetal/error-message.ts';

test.each([
  [
    'the first of several errors',
    '{"status":"error","errors":[{"name":"x","message":"No"}]}',
    'No',
  ],
  ['errors without a status', '{"errors":[{"name":"vlan","message":"Taken"}]}', 'Taken'],
  ['a framework answer', '{"status":400,"message":"Bad","errors":[]}', 'Bad'],
  ['a refusal', '{"status":403,"name":"Forbidden","message":"No billing"}', 'No billing'],
  ['a name alone', '{"name":"InternalError"}', 'InternalError'],
  ['members of other types', '{"errors":"none","message":7}', null],
  ['a list', '[1]', null],
  ['no body', '', null],
  ['a page of a proxy', '<html>502</html>', null],
])('reads the words of %s', (_, body, words) => {
  expect(openmetalErrorMessage(body)).toBe(words);
});
