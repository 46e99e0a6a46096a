/** Multiplies an amount that is written as text by a whole number, digit by digit. */

const DECIMAL = /^(?<sign>[+-]?)(?<whole>\d*)(?:\.(?<fraction>\d*))?(?<exponent>[eE][+-]?\d+)?$/;

/** Exact, with as many decimals as before: `"-1.50"` times 3 is `"-4.50"`. Null for no decimal. */
export function scaledDecimal(text: string, factor: bigint): string | null {
  const parts = DECIMAL.exec(text)?.groups;
  const { sign = '', whole = '', fraction = '', exponent = '' } = parts ?? {};
  if (parts === undefined || whole + fraction === '') return null;
  const digits = String(BigInt(whole + fraction) * factor).padStart(fraction.length + 1, '0');
  const point = digits.length - fraction.length;
  const decimals = fraction === '' ? '' : `.${digits.slice(point)}`;
  return `${sign}${digits.slice(0, point)}${decimals}${exponent}`;
}
