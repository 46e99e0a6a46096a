/** How many decimals an amount of a currency is printed with. */
import { CURRENCIES } from '../focus/tables.ts';

/** Of an asset that ISO 4217 does not list, such as USDC. */
const DECIMALS_ELSE = 2;

export function decimalsOf(currency: string): number {
  const listed = CURRENCIES.find(({ code }) => code === currency);
  return listed === undefined ? DECIMALS_ELSE : Number(listed.decimals);
}
