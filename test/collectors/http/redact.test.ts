import { describe, expect, test } from 'vitest';
import { redactJson } from '../../../collectors/http/redact.ts';

describe('redactJson', () => {
  test('drops members by name at every depth and in every shape', () => {
    const text =
      '{"password":"x","list":[{"password":{"a":1},"keep":true},[{"password":[1]}]],"email":null}';
    expect(redactJson(text, ['password', 'email'])).toBe('{"list":[{"keep":true},[{}]]}');
  });

  test('keeps every number as it was written', () => {
    const numbers = '0.12345678901234567891,9007199254740993,1E2,-0,1.500000,1e400';
    const text = `{"secret":1.10,"amounts":[${numbers}]}`;
    expect(redactJson(text, ['secret'])).toBe(`{"amounts":[${numbers}]}`);
  });

  test('keeps texts, among them those that look like a field', () => {
    const text = '{"secret":1,"note":"the \\"secret\\" is \\u00e4 \\n","list":["secret"]}';
    expect(JSON.parse(redactJson(text, ['secret']))).toEqual({
      note: 'the "secret" is ä \n',
      list: ['secret'],
    });
  });

  test('returns a text without the fields as it is, byte for byte', () => {
    const text = '{ "a" : 1.0,\n "secretive": 2 }';
    expect(redactJson(text, ['secret'])).toBe(text);
    expect(redactJson('not JSON', ['secret'])).toBe('not JSON');
    expect(redactJson('{"secret":1}', [])).toBe('{"secret":1}');
  });

  test('is not fooled by a name that is written with escapes', () => {
    expect(redactJson('{"s\\u0065cret":1,"a":2}', ['secret'])).toBe('{"a":2}');
  });

  test('does not take a position in a list for a name', () => {
    expect(redactJson('{"1":"x","list":["a","b"]}', ['1'])).toBe('{"list":["a","b"]}');
  });

  test('refuses a cut text that it must cut', () => {
    expect(() => redactJson('{"secret":1', ['secret'])).toThrow(SyntaxError);
  });
});
