/** The names in a server's listing of a folder, in the forms that servers and object stores write. */
import { jsonOrUndefined } from '../../foundation/json.ts';

/** A name below the listing's own address; one that ends in '/' is a folder. */
export interface ListingEntry {
  readonly name: string;
  readonly mark: string | null;
  readonly modifiedMs: number | null;
}

export interface Listing {
  readonly entries: readonly ListingEntry[];
  /** Names are keys of a whole store, not members of the folder. */
  readonly isWhole: boolean;
  /** Where an object store goes on, or null. */
  readonly continuation: string | null;
}

/** Null for an answer of another kind. */
export function readListing(contentType: string, text: string): Listing | null {
  if (/^\s*<(?:\?xml[^>]*>\s*<)?ListBucketResult/.test(text)) return objectListing(text);
  if (/json/i.test(contentType)) return jsonListing(text);
  if (/^text\/html/i.test(contentType)) return plain(hrefs(text));
  if (/^text\/plain/i.test(contentType))
    return plain(text.split(/\r?\n/).map((line) => line.trim()));
  return null;
}

function plain(names: readonly string[]): Listing {
  const entries = [...new Set(names)]
    .filter((name) => name !== '' && !name.startsWith('#'))
    .map((name) => ({ name, mark: null, modifiedMs: null }));
  return { entries, isWhole: false, continuation: null };
}

/** The links of a page, as Apache, nginx and others list a folder; queries sort the page. */
function hrefs(page: string): string[] {
  return [...page.matchAll(/<a\s[^>]*?href\s*=\s*(?:"([^"]*)"|'([^']*)')/gi)]
    .map((match) => entities(match[1] ?? match[2] ?? ''))
    .filter((href) => href !== '' && !/^[?#]/.test(href));
}

/** `["a.csv"]`, or nginx's `[{"name": "a.csv", "type": "file"}]`. */
function jsonListing(text: string): Listing | null {
  const parsed = jsonOrUndefined(text);
  if (!Array.isArray(parsed)) return null;
  return plain(
    parsed.flatMap((member: unknown) => {
      if (typeof member === 'string') return [member];
      if (typeof member !== 'object' || member === null || !('name' in member)) return [];
      const isFolder = 'type' in member && member.type === 'directory';
      // A name, not a link: what it holds besides is no syntax.
      return [encodeURIComponent(String(member.name)) + (isFolder ? '/' : '')];
    }),
  );
}

/** S3's ListObjects, versions 1 and 2. */
function objectListing(text: string): Listing {
  const entries = [...text.matchAll(/<Contents>(.*?)<\/Contents>/gs)].map(([, object = '']) => {
    const modified = Date.parse(element(object, 'LastModified') ?? '');
    return {
      name: element(object, 'Key') ?? '',
      mark: element(object, 'ETag'),
      modifiedMs: Number.isNaN(modified) ? null : modified,
    };
  });
  return { entries, isWhole: true, continuation: element(text, 'NextContinuationToken') };
}

function element(xml: string, name: string): string | null {
  const match = new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(xml);
  return match === null ? null : entities(match[1] ?? '');
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

function entities(text: string): string {
  return text.replaceAll(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));/gi,
    (whole, ten, hex, name) => {
      if (name !== undefined) return ENTITIES[String(name)] ?? whole;
      const point = Number.parseInt(String(ten ?? hex), ten === undefined ? 16 : 10);
      return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
    },
  );
}
