/** A message that did not get through; the text is a status or a code, never an address or a secret. */
export class DeliveryError extends Error {
  /** False: the receiver refused it, and would again until somebody mends the configuration. */
  readonly isTemporary: boolean;
  /** False: nobody answered, and nobody would answer the next message. */
  readonly isAnswered: boolean;

  constructor(reason: string, isTemporary: boolean, isAnswered = true) {
    super(reason);
    this.name = 'DeliveryError';
    this.isTemporary = isTemporary;
    this.isAnswered = isAnswered;
  }
}

/** What an error of the network or of a library is called, without the words it puts around it. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown failure';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'name' in error && typeof error.name === 'string' ? error.name : 'unknown failure';
}
