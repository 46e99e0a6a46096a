/** Goal: the end of a key is a UTC day of the configuration, or nothing; anything else is a defect. */
import { expect, test } from 'vitest';
import { parseConfiguration } from '../../app/config.ts';

function accountsWith(end: string) {
  const text = `
reporting_currency: USD
accounts:
  - { id: park, provider: voltage-park, base_url: 'http://127.0.0.1:9', credentials: { token: t }${end} }
`;
  return parseConfiguration(text, 'meterhouse.yaml', {}).accounts;
}

test('a stated day is kept as it is written, and none is null', () => {
  expect(accountsWith(', credentials_end_on: 2027-03-31')[0]?.credentialsEndOn).toBe('2027-03-31');
  expect(accountsWith('')[0]?.credentialsEndOn).toBeNull();
});

test('what is no day is a defect with its place', () => {
  for (const end of ['2027-02-30', 'soon', '31.3.2027']) {
    const read = () => accountsWith(`, credentials_end_on: ${end}`);
    expect(read).toThrow(
      expect.objectContaining({
        defects: [expect.stringMatching(/^accounts\.0\.credentials_end_on: expected a UTC day/)],
      }),
    );
  }
});
