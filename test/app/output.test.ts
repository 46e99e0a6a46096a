/** Goal: a name from a provider acts on no terminal. */
import { expect, test } from 'vitest';
import { shownText, table } from '../../app/output.ts';

test.for([
  ['an escape sequence', 'a\u001b[2Jb', 'a\\u001b[2Jb'],
  ['its form of one character', 'a\u009b2Jb', 'a\\u009b2Jb'],
  ['a carriage return', 'paid\rowed', 'paid\\u000dowed'],
  ['a tab, which moves columns', 'a\tb', 'a\\u0009b'],
  ['a mark that turns the direction', 'a\u202eb', 'a\\u202eb'],
  ['any other text', 'naïve 🐘 ﷽', 'naïve 🐘 ﷽'],
])('%s is shown', ([, text, shown]) => {
  expect(shownText(text ?? '')).toBe(shown);
});

test('a cell is one line, and columns stay where they are', () => {
  const text = table(
    [{ name: 'a\nb\u001b[1m', cost: '1' }],
    [
      { title: 'name', value: ({ name }) => name },
      { title: 'cost', value: ({ cost }) => cost, align: 'right' },
    ],
  );
  expect(text).toBe('name           cost\n-------------  ----\na\\nb\\u001b[1m     1\n');
});
