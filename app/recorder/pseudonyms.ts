/**
 * What stands in a recording in place of a text that is not to be known: another of the same form,
 * the same for the same text wherever it occurs, so that joins still hold. It follows from the text
 * and a key that is never written, so that nobody without the key can try texts out.
 */
import { createHmac, scryptSync } from 'node:crypto';
import type { Credentials } from '../../collectors/provider.ts';

const KEY_BYTES = 32;
const SALT = 'meterhouse recorder';
/** Shorter numbers would share a pseudonym with another one too soon. */
const DIGITS_MIN = 7;
const DIGITS_MAX = 15; // exact in every language that reads JSON
const TEXT_DIGITS = 16;
/** After so many that are taken, a form has too few left: a plain text is taken. */
const ATTEMPTS_IN_FORM_MAX = 20;

/** No id, address or tag is longer; looking for their forms in a long text could take long. */
const FORM_CHARACTERS_MAX = 200;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const ADDRESS = /^0x[0-9a-f]{8,64}$/i;
const DIGITS = /^\d+$/;
const EMAIL = /^[^\s@]+@[^\s@]+$/;
const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}(?<length>\/\d{1,2})?$/;
const IPV6 = /^[0-9a-f]*:[0-9a-f:]*:[0-9a-f:.]*(?<length>\/\d{1,3})?$/i;
const TAG = /^(?<name>[^\s:=]+)(?<mark>[:=])(?<value>[^\s:=]+)$/;

export class Pseudonyms {
  readonly #key: Buffer;
  readonly #byText = new Map<string, string>();
  readonly #taken = new Set<string>();

  /**
   * The same credentials give the same pseudonyms, so that two recordings of an account can be
   * compared. The key is stretched, since some credentials are chosen by people.
   */
  constructor(credentials: Credentials) {
    const members = Object.entries(credentials).sort(([name], [other]) => (name < other ? -1 : 1));
    this.#key = scryptSync(JSON.stringify(members), SALT, KEY_BYTES);
  }

  /** Of the key itself: two recordings with the same one have the same pseudonyms. */
  get series(): string {
    return this.#hex('series', '', TEXT_DIGITS);
  }

  /** The text's pseudonym. Letters of ids in hexadecimal count as the same in either case. */
  of(text: string): string {
    if (text === '') return '';
    const form = UUID.test(text) || ADDRESS.test(text) ? text.toLowerCase() : text;
    const known = this.#byText.get(form);
    if (known !== undefined) return known;
    for (let attempt = 0; ; attempt += 1) {
      const pseudonym = this.#formed(form, attempt);
      if (this.#taken.has(pseudonym)) continue;
      this.#taken.add(pseudonym);
      this.#byText.set(form, pseudonym);
      return pseudonym;
    }
  }

  /** The pseudonym that a text has been given already; null for a text that was not met. */
  known(text: string): string | null {
    return this.#byText.get(text) ?? this.#byText.get(text.toLowerCase()) ?? null;
  }

  /** The name of a field that is not to be known. */
  ofName(name: string): string {
    return `field_${this.#hex('name', name, TEXT_DIGITS)}`;
  }

  #formed(text: string, attempt: number): string {
    const hex = (digits: number): string => this.#hex('text', `${attempt} ${text}`, digits);
    if (text.length > FORM_CHARACTERS_MAX) return `text-${hex(TEXT_DIGITS)}`;
    if (UUID.test(text)) return uuidOf(hex(32));
    if (ADDRESS.test(text)) return `0x${hex(text.length - 2)}`;
    if (DIGITS.test(text)) return digitsOf(hex(16), text.length + attempt);
    if (attempt >= ATTEMPTS_IN_FORM_MAX) return `text-${hex(TEXT_DIGITS)}`;
    if (EMAIL.test(text)) return `user-${hex(TEXT_DIGITS)}@example.invalid`;
    const network = IPV4.exec(text) ?? IPV6.exec(text);
    if (network !== null) return addressOf(hex(8), text) + (network.groups?.length ?? '');
    const tag = TAG.exec(text)?.groups;
    if (tag !== undefined && attempt === 0) {
      return `${this.of(tag.name ?? '')}${tag.mark}${this.of(tag.value ?? '')}`;
    }
    return `text-${hex(TEXT_DIGITS)}`;
  }

  #hex(kind: string, text: string, digits: number): string {
    const digest = createHmac('sha256', this.#key).update(`${kind} ${text}`).digest('hex');
    return digest.slice(0, digits);
  }
}

function uuidOf(hex: string): string {
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`];
  return [...parts, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}

/** As many digits as the text has, within limits; none of them a leading zero. */
function digitsOf(hex: string, length: number): string {
  const digits = Math.min(Math.max(length, DIGITS_MIN), DIGITS_MAX);
  const range = 9n * 10n ** BigInt(digits - 1);
  return String(10n ** BigInt(digits - 1) + (BigInt(`0x${hex}`) % range));
}

/** In the ranges that are kept for examples and benchmarks. */
function addressOf(hex: string, text: string): string {
  const number = Number.parseInt(hex, 16);
  if (text.includes(':')) return `2001:db8::${hex.slice(0, 4)}:${hex.slice(4, 8)}`;
  return `198.${18 + (number & 1)}.${(number >> 8) & 255}.${(number >> 16) & 255}`;
}
