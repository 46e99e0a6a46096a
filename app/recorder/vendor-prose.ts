/** Free text in which the vendor names what it sells: only those names stay. */
import type { Provider } from '../../collectors/provider.ts';
import type { Pseudonyms } from './pseudonyms.ts';

const GAP = '…';
const PUNCTUATION = /^(?<before>[(),;:.]*)(?<core>.*?)(?<after>[(),;:.]*)$/u;
/** Shorter words say nothing, and occur in anything. */
const WORD_MIN = 2;
/** Longer texts are no line of an invoice. */
const PROSE_CHARACTERS_MAX = 1_000;
const PHRASES_MAX = 2_000;

/** The vendor's words that a recording has kept so far. */
export class VendorProse {
  readonly #pseudonyms: Pseudonyms;
  readonly #words = new Set<string>();
  /** Names of more than one word, such as `EU: Rotterdam`. */
  readonly #phrases = new Set<string>();

  constructor(provider: Provider, pseudonyms: Pseudonyms) {
    this.#pseudonyms = pseudonyms;
    const services = provider.products.flatMap(({ services }) => services.map(({ name }) => name));
    for (const name of [provider.title, ...services]) {
      for (const word of name.split(' ')) this.note(word);
    }
  }

  /** A text of the vendor that the recording keeps. */
  note(text: string): void {
    if (text.length < WORD_MIN) return;
    if (!text.includes(' ')) this.#words.add(text);
    else if (this.#phrases.size < PHRASES_MAX) this.#phrases.add(text);
  }

  /** The text with the vendor's names and the pseudonyms of known ids; a gap for the rest. */
  reduced(text: string): string {
    if (text.length > PROSE_CHARACTERS_MAX) return GAP;
    const parts: string[] = [];
    for (let rest = text.trim(); rest !== ''; ) {
      const phrase = this.#phraseAt(rest);
      const token = phrase ?? rest.split(/\s/, 1)[0] ?? '';
      const part = phrase ?? this.#word(token);
      if (part !== GAP || parts.at(-1) !== GAP) parts.push(part);
      const behind = rest.slice(token.length);
      rest = behind.trimStart();
      if (phrase !== null && behind !== '' && behind === rest) {
        const mark = /^[(),;:.]+/.exec(rest)?.[0] ?? '';
        parts.push(`${parts.pop()}${mark}`);
        rest = rest.slice(mark.length).trimStart();
      }
    }
    return parts.join(' ');
  }

  #phraseAt(text: string): string | null {
    let longest: string | null = null;
    for (const phrase of this.#phrases) {
      const isHere = text.startsWith(phrase) && !/^[\p{L}\p{N}]/u.test(text.slice(phrase.length));
      if (isHere && phrase.length > (longest?.length ?? 0)) longest = phrase;
    }
    return longest;
  }

  #word(token: string): string {
    const { before = '', core = '', after = '' } = PUNCTUATION.exec(token)?.groups ?? {};
    if (this.#words.has(core)) return token;
    const pseudonym = this.#pseudonyms.known(core);
    return pseudonym === null ? GAP : `${before}${pseudonym}${after}`;
  }
}
