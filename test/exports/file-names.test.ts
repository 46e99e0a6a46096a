/** Goal: whatever a team is called, its file has a name that every file system takes. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { safeNamePart } from '../../exports/formats/file-name.ts';

test.each([
  ['nlp', 'nlp-46fb078d98'],
  ['NLP', 'nlp-b3782288b3'],
  ['', 'e3b0c44298'],
  ['..', '5ec1f7e700'],
  ['Zürich / Größe', 'zurich-gro-e'],
  ['a\u0000b\nc', 'a-b-c'],
  ['x'.repeat(500), `${'x'.repeat(40)}-`],
])('%j', (team, beginning) => {
  expect(safeNamePart(team).startsWith(beginning)).toBe(true);
});

test('any text gives a short plain name, and different texts different ones', () => {
  const text = fc.string({ unit: 'binary', maxLength: 80 });
  fc.assert(
    fc.property(text, text, (one, other) => {
      expect(safeNamePart(one)).toMatch(/^[a-z0-9](-?[a-z0-9]){9,51}$/);
      expect(safeNamePart(one) === safeNamePart(other)).toBe(one === other);
    }),
  );
});
