/**
 * Makes an answer fit to be shown to strangers. What is not declared as harmless is replaced: texts
 * by pseudonyms, names of fields that no document has by others, redacted fields dropped. Numbers keep
 * their digits. Works in memory; whoever writes gets only what comes out of here.
 */
import type { Provider } from '../../collectors/provider.ts';
import type { Stream } from '../../collectors/stream.ts';
import {
  type EntityRules,
  isIdName,
  isListed,
  isNumeric,
  isSensitiveName,
  knownNames,
  PAGING_COUNTS,
  rulesOf,
  takesNumber,
} from './field-rules.ts';
import { isDecimal, isFieldName, isInstant, isVendorName, isVendorWord } from './kept-text.ts';
import { ExactNumber, type Parsed, parseExact } from './parse-exact.ts';
import { elementPlaces, isDescribed, memberPlaces, type Place, rootPlaces } from './places.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import { scaledDecimal } from './scale-decimal.ts';
import { VendorProse } from './vendor-prose.ts';

export interface ScrubberOptions {
  readonly provider: Provider;
  readonly pseudonyms: Pseudonyms;
  /** Names that a description of the vendor has; none without one. */
  readonly describedNames?: Iterable<string>;
  /** Multiplies all money; null leaves it as it is. */
  readonly moneyFactor: bigint | null;
  /** Whether unknown names of the form of a field's may be written. */
  readonly keepsFieldNames: boolean;
}

/** Entities' fields as `a.b[]`, names scrubbed, with the JSON types that they had. */
export type FieldInventory = Map<string, Map<string, Set<string>>>;

/** Longer numbers in fields that nobody knows may be a telephone number, a card or a place. */
const UNKNOWN_DIGITS_MAX = 6;
const UNIX_SECONDS = /^(?:9[4-9]\d{8}|[123]\d{9}|40\d{8})$/;
const FIELDS_MAX = 5_000;
const UNKNOWN_NAMES_MAX = 1_000;

export class Scrubber {
  readonly fields: FieldInventory = new Map();
  /** `entity.a.b` of fields that its schema does not name, with how often they came. */
  readonly unknownFields = new Map<string, number>();
  /** By pseudonym, names of the form of a field's that no document has: for the terminal only. */
  readonly unknownNames = new Map<string, string>();
  readonly #options: ScrubberOptions;
  readonly #pseudonyms: Pseudonyms;
  readonly #names: Set<string>;
  readonly #prose: VendorProse;
  readonly #rules = new Map<string, readonly EntityRules[]>();
  #fieldCount = 0;

  constructor(options: ScrubberOptions) {
    const { provider, pseudonyms, describedNames = [] } = options;
    this.#options = options;
    this.#pseudonyms = pseudonyms;
    this.#names = knownNames(provider).union(new Set(describedNames));
    this.#prose = new VendorProse(provider, pseudonyms);
  }

  /** The scrubbed JSON of an answer to a stream. Throws SyntaxError for a text that is no JSON. */
  answer(stream: Stream, text: string): string {
    const rules = this.#rules.get(stream.id) ?? rulesOf(stream);
    this.#rules.set(stream.id, rules);
    const dropped = new Set(stream.redactedFields ?? []);
    return this.#value(parseExact(text), rootPlaces(rules), '', dropped);
  }

  /** The same for an error's body, of which nothing is declared. */
  errorBody(text: string): string {
    return this.#value(parseExact(text), [], '', new Set());
  }

  /** The name of a field or of a map's member, as a recording has it. */
  name(name: string): string {
    if (this.#names.has(name)) return name;
    const pseudonym = this.#pseudonyms.ofName(name);
    if (!isFieldName(name)) return pseudonym;
    if (this.unknownNames.size < UNKNOWN_NAMES_MAX) this.unknownNames.set(pseudonym, name);
    return this.#options.keepsFieldNames ? name : pseudonym;
  }

  #value(
    value: Parsed,
    places: readonly Place[],
    name: string,
    dropped: ReadonlySet<string>,
  ): string {
    if (Array.isArray(value)) {
      const within = elementPlaces(places);
      return `[${value.map((element) => this.#value(element, within, name, dropped)).join(',')}]`;
    }
    if (value instanceof ExactNumber) return this.#number(value.source, places, name);
    if (typeof value === 'string') return JSON.stringify(this.#text(value, places, name));
    if (value === null || typeof value === 'boolean') return String(value);
    const members = Object.entries(value).flatMap(([member, inner]) => {
      if (dropped.has(member)) return [];
      const within = memberPlaces(places, member);
      const shown = this.#memberName(member, within);
      const named = within.map((place) => ({ ...place, shown: place.shownWith(shown) }));
      for (const place of named) this.#note(place, inner, isDescribed(places));
      return [`${JSON.stringify(shown)}:${this.#value(inner, named, member, dropped)}`];
    });
    return `{${members.join(',')}}`;
  }

  /** Names of a map's members are data: the vendor's where that is declared, else pseudonyms. */
  #memberName(name: string, places: readonly Place[]): string {
    const ofMap = places.filter(({ isMapMember }) => isMapMember);
    if (ofMap.length === 0) return this.name(name);
    const isVendors = ofMap.some(({ rules, path }) => rules.vendor.has(path));
    if (isVendors && isVendorName(name)) return this.#kept(name);
    return this.#names.has(name) ? name : this.#pseudonyms.of(name);
  }

  #text(text: string, places: readonly Place[], name: string): string {
    if (text === '' || (isInstant(text) && !isSensitiveName(name))) return text;
    if (has(places, 'prose')) return this.#prose.reduced(text);
    if (has(places, 'vendor') && isVendorWord(text)) return this.#kept(text);
    if (places.some(({ schemas }) => isListed(schemas, text))) return this.#kept(text);
    const isFigure = places.some(({ schemas }) => isNumeric(schemas)) && isDecimal(text);
    if (isFigure && !has(places, 'keys') && !isIdName(name)) {
      return has(places, 'money') ? this.#scaled(text) : text;
    }
    return this.#pseudonyms.of(text);
  }

  #number(source: string, places: readonly Place[], name: string): string {
    if (has(places, 'money')) return this.#scaled(source);
    if (has(places, 'vendor') || PAGING_COUNTS.has(name)) return source;
    const isWhole = /^\d+$/.test(source);
    if (has(places, 'keys') || isIdName(name)) return isWhole ? this.#pseudonyms.of(source) : '0';
    if (places.some(({ schemas }) => takesNumber(schemas))) return source;
    if (isSensitiveName(name)) return '0';
    if (this.#options.moneyFactor !== null) return '0'; // it might be money, and show the factor
    const isShort = source.replace(/\D/g, '').length <= UNKNOWN_DIGITS_MAX;
    if (isShort || UNIX_SECONDS.test(source)) return source;
    return isWhole ? this.#pseudonyms.of(source) : '0';
  }

  #kept(text: string): string {
    this.#prose.note(text);
    return text;
  }

  #scaled(text: string): string {
    const { moneyFactor } = this.#options;
    return moneyFactor === null ? text : (scaledDecimal(text, moneyFactor) ?? '0');
  }

  /** `isOfKnown`: what it is a member of is described, so that not to be is news. */
  #note({ rules, shown, isInRecord, schemas }: Place, value: Parsed, isOfKnown: boolean): void {
    if (!isInRecord) return;
    const name = `${rules.entity.name}.${shown}`;
    const isTooMany = !this.unknownFields.has(name) && this.unknownFields.size >= FIELDS_MAX;
    if (schemas.length === 0 && isOfKnown && !isTooMany) {
      this.unknownFields.set(name, (this.unknownFields.get(name) ?? 0) + 1);
    }
    if (this.#fieldCount >= FIELDS_MAX) return;
    const ofEntity = this.fields.get(rules.entity.name) ?? new Map<string, Set<string>>();
    this.fields.set(rules.entity.name, ofEntity);
    const types = ofEntity.get(shown) ?? new Set<string>();
    if (!ofEntity.has(shown)) this.#fieldCount += 1;
    ofEntity.set(shown, types.add(typeOf(value)));
  }
}

/** Whether a place is declared so. `a{}` among the vendor's fields are the names, not what they name. */
function has(places: readonly Place[], kind: 'vendor' | 'money' | 'prose' | 'keys'): boolean {
  return places.some(
    ({ rules, path, isMapMember }) => rules[kind].has(path) && !(kind === 'vendor' && isMapMember),
  );
}

function typeOf(value: Parsed): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  return value instanceof ExactNumber ? 'number' : typeof value;
}
