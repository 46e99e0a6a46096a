/** Goal: a pseudonym has its text's form and gives nothing of it away. Method: texts by hand. */
import { describe, expect, test } from 'vitest';
import { Pseudonyms } from '../../../app/recorder/pseudonyms.ts';

const KEY = { api_key: 'a key' };
const PSEUDONYMS = new Pseudonyms(KEY);

describe('a pseudonym', () => {
  test.each([
    [
      '019256ab-1554-73a7-b091-f024b0a724ea',
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/,
    ],
    ['0x68bd0000000000000000000000000000000079e4', /^0x[0-9a-f]{40}$/],
    ['123', /^[1-9]\d{6}$/],
    ['4815162342108', /^[1-9]\d{12}$/],
    ['12345678901234567890123', /^[1-9]\d{14}$/],
    ['ada@example.org', /^user-[0-9a-f]{16}@example\.invalid$/],
    ['203.0.113.7', /^198\.1[89]\.\d{1,3}\.\d{1,3}$/],
    ['203.0.113.0/28', /^198\.1[89]\.\d{1,3}\.\d{1,3}\/28$/],
    ['2001:db8:1::5', /^2001:db8::[0-9a-f]{4}:[0-9a-f]{4}$/],
    ['team:nlp', /^text-[0-9a-f]{16}:text-[0-9a-f]{16}$/],
    ['web-1', /^text-[0-9a-f]{16}$/],
    ['two words', /^text-[0-9a-f]{16}$/],
  ])('of %s has its form', (text, form) => {
    const pseudonym = PSEUDONYMS.of(text);
    expect(pseudonym).toMatch(form);
    expect(pseudonym).not.toBe(text);
  });

  test('is the same for the same text under the same key, and in either case of an id', () => {
    const [one, two, other] = [KEY, KEY, { api_key: 'b' }].map((key) => new Pseudonyms(key));
    expect(one?.of('web-1')).toBe(two?.of('web-1'));
    expect(one?.of('web-1')).not.toBe(other?.of('web-1'));
    expect(one?.series).toBe(two?.series);
    expect(one?.series).not.toBe(other?.series);
    expect(one?.of('0xABCDEF0123')).toBe(one?.of('0xabcdef0123'));
    expect(one?.of('WEB')).not.toBe(one?.of('web'));
  });

  test('of a part of a tag is that of the part', () => {
    const [team, nlp] = [PSEUDONYMS.of('team'), PSEUDONYMS.of('nlp')];
    expect(PSEUDONYMS.of('team:nlp')).toBe(`${team}:${nlp}`);
  });

  test('is no other text\u2019s, also among numbers and addresses', () => {
    const pseudonyms = new Pseudonyms(KEY);
    const numbers = Array.from({ length: 4_000 }, (_, index) => `${index}`);
    expect(new Set(numbers.map((text) => pseudonyms.of(text))).size).toBe(numbers.length);
    const hosts = numbers.map((text) => `10.1.${Number(text) >> 8}.${Number(text) & 255}`);
    expect(new Set(hosts.map((text) => pseudonyms.of(text))).size).toBe(numbers.length);
  });

  test('of a long text is had at once', () => {
    for (const text of [':'.repeat(1_000_000), '0'.repeat(1_000_000), '@'.repeat(1_000_000)]) {
      expect(PSEUDONYMS.of(text)).toMatch(/^text-[0-9a-f]{16}$/);
    }
  });

  test('of nothing is nothing', () => {
    expect(PSEUDONYMS.of('')).toBe('');
    expect(PSEUDONYMS.known('never met')).toBeNull();
  });
});
