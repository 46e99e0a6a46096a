/** Which texts may stay in a recording: instants, and words of the vendor that look like no secret. */

const INSTANT =
  /^(?:\+00)?20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:[T ][0-2]\d:[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-][01]\d:\d\d)?)?$/;
const DECIMAL = /^[+-]?(?:\d{1,20}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,2})?$/;

const WORDS_MAX = 120;
/** Letters, digits and the marks that occur in names of hardware, places and states. */
const WORDS = /^[\p{L}\p{N}\p{Sc} .,:;@()[\]/+_&#%-]+$/u;
/** Of an address, a key, a token: never among the vendor's words. */
const SUSPECT = [
  /\S@\S/,
  /\d{1,3}(?:\.\d{1,3}){3}/,
  /:\/\//,
  /ssh-|BEGIN |Bearer |Basic /i,
  /(?=[A-Za-z0-9+/]*\d)(?=[A-Za-z0-9+/]*[A-Za-z])[A-Za-z0-9+/]{20,}/,
  /[0-9a-f]{8}-[0-9a-f]{4}-/i,
  /\d{7,}/,
];

/** A day or an instant of this century. */
export function isInstant(text: string): boolean {
  return INSTANT.test(text);
}

export function isDecimal(text: string): boolean {
  return DECIMAL.test(text);
}

/** Whether a text that stands where the vendor's words stand can be one. */
export function isVendorWord(text: string): boolean {
  return (
    text.length <= WORDS_MAX && WORDS.test(text) && !SUSPECT.some((pattern) => pattern.test(text))
  );
}

/** Of hardware and places, as vendors name the members of their maps. */
const VENDOR_NAME = /^[a-z0-9][a-z0-9._-]{0,39}$/;

/** Whether the name of a map's member can be one that the vendor gave. */
export function isVendorName(name: string): boolean {
  return VENDOR_NAME.test(name) && isVendorWord(name);
}

const FIELD_NAME = /^[a-z][a-z]*(?:[A-Z][a-z]+|_[a-z]+|_?\d{1,2}(?!\d))*$/;
const FIELD_NAME_MAX = 40;

/** Whether a name has the form that vendors give to fields: it may be shown to the person at the terminal. */
export function isFieldName(name: string): boolean {
  return (
    name.length <= FIELD_NAME_MAX && FIELD_NAME.test(name) && !SUSPECT.some((p) => p.test(name))
  );
}
