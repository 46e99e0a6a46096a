/** The lines of an account invoice: a month's hours, in the smallest unit of its currency. */
import { divideRoundHalfUp, formatNano, type Nano } from '../decimal.ts';
import { overbilled } from '../world-faults.ts';
import { type BillableWorld, type HourCharge, visitCharges } from './billing.ts';
import { nextMonthStartMs } from './calendar.ts';

export const VAT_PERCENT = 21;
export const PRODUCTS = { 'i3d-flexvm': 'FlexVM', 'i3d-flexmetal': 'FlexMetal' } as const;

/** In what the amounts of an invoice are counted. */
export interface MinorUnit {
  readonly nano: Nano;
  readonly perUnit: bigint;
  /** Decimals that a price needs in it. */
  readonly pricePlaces: number;
}

export const CENT: MinorUnit = { nano: 10_000_000n, perUnit: 100n, pricePlaces: 4 };
export const YEN: MinorUnit = { nano: 1_000_000_000n, perUnit: 1n, pricePlaces: 6 };

export interface AccountInvoiceItem {
  readonly orderId: number;
  readonly description: string;
  readonly hours: number;
  /** Cents with as many decimals as the price needs. */
  readonly unitPriceCents: string;
  readonly exclVatCents: bigint;
  readonly vatCents: bigint;
}

export interface HourGroup {
  readonly key: string;
  readonly charge: HourCharge;
  hours: bigint;
}

/** A month's hours by what stands on one line. */
export function hoursOfMonth(world: BillableWorld, fromMs: number): Map<string, HourGroup> {
  const groups = new Map<string, HourGroup>();
  visitCharges(world, nextMonthStartMs(fromMs), (charge) => {
    if (charge.monthStartMs !== fromMs) return;
    const { service, sku, location, contractId, perHourNano } = charge;
    const key = `${service} ${sku} ${location} ${contractId} ${perHourNano}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { key, charge, hours: charge.hours });
    else group.hours += charge.hours;
  });
  return groups;
}

/** A surcharge raises the amount; hours and price stay as agreed. */
export function item(
  orderId: number,
  charge: HourCharge,
  hours: bigint,
  counted: { readonly surchargePermille: number; readonly unit: MinorUnit },
): AccountInvoiceItem {
  const { surchargePermille, unit } = counted;
  const product = PRODUCTS[charge.service];
  const commitment = charge.contractId === '' ? '' : `, commitment ${charge.contractId}`;
  const amountNano = overbilled(hours * charge.perHourNano, surchargePermille);
  return {
    orderId,
    description: `${product} ${charge.sku}, ${charge.location}${commitment}`,
    hours: Number(hours),
    unitPriceCents: formatNano(charge.perHourNano * unit.perUnit, unit.pricePlaces),
    ...withVat(divideRoundHalfUp(amountNano, unit.nano)),
  };
}

export function withVat(exclVatCents: bigint): { exclVatCents: bigint; vatCents: bigint } {
  const vatCents = divideRoundHalfUp(exclVatCents * BigInt(VAT_PERCENT), 100n);
  return { exclVatCents, vatCents };
}

/** The same item with the opposite sign. */
export function turned(item: AccountInvoiceItem): AccountInvoiceItem {
  const isPriceNegative = item.unitPriceCents.startsWith('-');
  return {
    ...item,
    hours: Math.abs(item.hours),
    unitPriceCents: isPriceNegative ? item.unitPriceCents.slice(1) : item.unitPriceCents,
    exclVatCents: -item.exclVatCents,
    vatCents: -item.vatCents,
  };
}
