/** GET /v3/account/…: invoices in cents. The list and the detail spell the same fact differently. */
import type { SimulatedRequest, SimulatedResponse } from '../provider.ts';
import { type AccountInvoice, type AccountInvoices, invoiceNumber } from './account-invoices.ts';
import { instantText, unixSeconds } from './calendar.ts';
import { entityNotFound, FLEX_METAL_RESULTS_DEFAULT, okJson, rangedPage } from './http.ts';
import { type AccountInvoiceItem, VAT_PERCENT } from './invoice-items.ts';

/** The customer's own number; the same under every key of the account. */
const CLIENT_NUMBER = 'K04711';

const PAYMENT_TERM_DAYS = 30;

const STATUS_OPEN = 0;
const STATUS_PAID = 1;

const BILLING = {
  companyName: 'Lumenfold Research B.V.',
  address: 'Wijnhaven 88',
  zipCode: '3011 WT',
  city: 'Rotterdam',
  countryShortName: 'NL',
  vatNumber: 'NL000000000B01',
  email: 'accounts@lumenfold.example',
  invoiceByEmail: true,
} as const;

/** Personal data carries recognisable text: none of it may reach the database. */
const DETAILS = {
  accountType: 2,
  companyName: BILLING.companyName,
  vatNumber: BILLING.vatNumber,
  cocNumber: '00000000',
  firstName: 'SIMULATED-SECRET-FIRST-NAME',
  lastName: 'SIMULATED-SECRET-LAST-NAME',
  address: 'Wijnhaven',
  streetNumber: '88',
  zipCode: BILLING.zipCode,
  city: BILLING.city,
  countryCode: BILLING.countryShortName,
  emailAddress: 'SIMULATED-SECRET-MAIL-I3D@lumenfold.example',
  unconfirmedEmail: null,
  emailAddressValidated: 1,
  language: 0,
  agreeDpa: 1,
  isAllowedFlexMetal: 1,
} as const;

const CLIENT_ON_INVOICE = {
  fullName: `${DETAILS.firstName} ${DETAILS.lastName}`,
  companyName: BILLING.companyName,
  email: DETAILS.emailAddress,
  address: BILLING.address,
  zip: BILLING.zipCode,
  city: BILLING.city,
  country: BILLING.countryShortName,
  vatNumber: BILLING.vatNumber,
  iban: 'SIMULATED-SECRET-IBAN',
  bic: 'SIMULATED-SECRET-BIC',
} as const;

const COMPANY_ON_INVOICE = {
  name: 'i3D.net',
  address: 'Simulated street 1',
  zip: '3000 AA',
  city: 'Rotterdam',
  country: 'NL',
  phone: '+31 10 0000000',
  email: 'billing@i3d.example',
  url: 'https://i3d.example',
  iban: 'NL00SIMU0000000001',
  bic: 'SIMUNL2A',
} as const;

/** `segments` is the path behind `/v3/account`. Throws an I3dRefusal for what does not exist. */
export function answerAccount(
  invoices: AccountInvoices,
  segments: readonly string[],
  request: SimulatedRequest,
  nowMs: number,
): SimulatedResponse {
  const [collection, id] = segments;
  if (collection === 'billing' && segments.length === 1) return okJson([BILLING]);
  if (collection === 'details' && segments.length === 1) return okJson([DETAILS]);
  if (collection !== 'invoice' || segments.length > 2) throw entityNotFound();
  const issued = invoices.issued(nowMs);
  if (id === undefined || id === 'unpaid') {
    const filter = request.query.get('filter') ?? '';
    const listed = issued.filter(
      (invoice) =>
        invoice.description.includes(filter) && (id === undefined || isUnpaid(invoice, nowMs)),
    );
    const page = rangedPage(request, listed, FLEX_METAL_RESULTS_DEFAULT);
    return okJson(page.map((invoice) => listObject(invoice, nowMs)));
  }
  const invoice = issued.find((candidate) => String(candidate.id) === id);
  if (invoice === undefined) throw entityNotFound();
  return okJson([detailObject(invoice, nowMs)]);
}

/** Credit notes are nothing to pay. */
function isUnpaid(invoice: AccountInvoice, nowMs: number): boolean {
  return !invoice.isCreditNote && !isPaid(invoice, nowMs);
}

function isPaid(invoice: AccountInvoice, nowMs: number): boolean {
  return invoice.paidAtMs <= nowMs;
}

function payment(invoice: AccountInvoice, nowMs: number) {
  const paid = isPaid(invoice, nowMs);
  return {
    paymentDate: paid ? unixSeconds(invoice.paidAtMs) : 0,
    paymentStatus: paid ? STATUS_PAID : STATUS_OPEN,
    invoiceHash: `SIMULATED-SECRET-HASH-${invoice.id}`,
    isCredit: invoice.isCreditNote ? 1 : 0,
    currency: invoice.currency,
    currencySign: invoice.currency === 'EUR' ? '€' : '¥',
  };
}

function listObject(invoice: AccountInvoice, nowMs: number): unknown {
  const inclVatText = (invoice.exclVatCents + invoice.vatCents).toString();
  const paid = isPaid(invoice, nowMs);
  return {
    id: String(invoice.id),
    invoiceNumber: invoiceNumber(invoice.id),
    description: invoice.description,
    amountIncVAT: inclVatText,
    amountExclVAT: invoice.exclVatCents.toString(),
    remainingAmount: paid ? '0' : inclVatText,
    totalPaidAmount: paid ? inclVatText : '0',
    creationDate: unixSeconds(invoice.createdAtMs),
    dueDate: unixSeconds(invoice.dueAtMs),
    ...payment(invoice, nowMs),
  };
}

function detailObject(invoice: AccountInvoice, nowMs: number): unknown {
  return {
    id: invoice.id,
    invoiceNumber: invoiceNumber(invoice.id),
    clientNumber: CLIENT_NUMBER,
    paymentTerm: PAYMENT_TERM_DAYS,
    vatPercentage: VAT_PERCENT,
    amountIncVat: (invoice.exclVatCents + invoice.vatCents).toString(),
    amountExclVat: invoice.exclVatCents.toString(),
    vatAmount: invoice.vatCents.toString(),
    creationDate: instantText(invoice.createdAtMs),
    dueDate: instantText(invoice.dueAtMs),
    ...payment(invoice, nowMs),
    items: invoice.items.map((item) => itemObject(item, invoice)),
    clientDetails: CLIENT_ON_INVOICE,
    companyDetails: COMPANY_ON_INVOICE,
  };
}

function itemObject(item: AccountInvoiceItem, invoice: AccountInvoice): unknown {
  return {
    orderId: String(item.orderId),
    description: item.description,
    periodFrom: instantText(invoice.monthStartMs),
    periodTo: instantText(invoice.monthEndMs),
    remarks: '',
    quantity: item.hours,
    setupCosts: '0',
    unitPrice: item.unitPriceCents,
    vatPercentage: VAT_PERCENT,
    vatAmount: item.vatCents.toString(),
    amountIncVat: (item.exclVatCents + item.vatCents).toString(),
    amountExclVat: item.exclVatCents.toString(),
  };
}
