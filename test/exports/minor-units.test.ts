/** Goal: printed amounts add up and lose no digit. Method: amounts whose cents do not come out even. */
import { expect, test } from 'vitest';
import { grouped, rounded, sharedOut, sumOf } from '../../exports/formats/minor-units.ts';

test.each([
  ['1234.565', 2, '1234.57'],
  ['-1234.565', 2, '-1234.57'],
  ['0.0049', 2, '0.00'],
  ['-0.004', 2, '0.00'],
  ['12345678901234567890.125', 2, '12345678901234567890.13'],
  ['1499.5', 0, '1500'],
  ['7', 3, '7.000'],
])('%s with %i decimals is %s', (amount, decimals, text) => {
  expect(rounded(amount, decimals)).toBe(text);
});

test('a missing unit goes to who lost most, of equals to the first', () => {
  expect(sharedOut(['0.333', '0.333', '0.334'], 2)).toEqual(['0.33', '0.33', '0.34']);
  expect(sharedOut(['0.335', '0.335', '0.335'], 2)).toEqual(['0.34', '0.34', '0.33']);
  expect(sharedOut(['10.006', '-0.001', '-9.995'], 2)).toEqual(['10.01', '0.00', '-10.00']);
  expect(sharedOut([], 2)).toEqual([]);
});

test('a given total is kept: 60.5 and 40.5 of 102', () => {
  expect(sharedOut(['60.5', '40.5'], 0, '102')).toEqual(['61', '41']);
});

test('sums are exact, and thousands are grouped', () => {
  expect(sumOf(['0.1', '0.2', '-0.000000001'])).toBe('0.299999999');
  expect(sumOf([])).toBe('0');
  expect(sumOf(['100', '-0.5', '0.5'])).toBe('100');
  expect(grouped('-1234567.5')).toBe('-1,234,567.5');
  expect(grouped('-123')).toBe('-123');
});

test('what is no amount is refused', () => {
  expect(() => rounded('1e5', 2)).toThrow('1e5 is no amount');
});
