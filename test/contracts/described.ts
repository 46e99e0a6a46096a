/** The operations that our streams read, as the vendors' descriptions in `descriptions/` have them. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  type DescribedOperation,
  Description,
  type DescriptionDefect,
} from '../../collectors/description.ts';
import type { Provider } from '../../collectors/provider.ts';
import type { Stream } from '../../collectors/stream.ts';
import { EXCEPTIONS } from './exceptions.ts';

const FOLDER = path.resolve(import.meta.dirname, 'descriptions');
const descriptions = new Map<string, readonly Description[]>();

/** Of the vendor's own file, or of the one that was written by hand from its documents. */
export function describedOperation(provider: Provider, stream: Stream): DescribedOperation {
  const known = descriptions.get(provider.id) ?? readDescriptions(provider.id);
  descriptions.set(provider.id, known);
  for (const description of known) {
    const operation = description.operation(stream.operation);
    if (operation !== null) return operation;
  }
  throw new Error(`${stream.operation} of ${stream.id} is in no description of ${provider.id}`);
}

function readDescriptions(providerId: string): Description[] {
  return [`${providerId}.json`, `${providerId}.by-hand.json`]
    .map((name) => path.join(FOLDER, name))
    .filter((file) => existsSync(file))
    .map((file) => new Description(readFileSync(file, 'utf8'), path.basename(file)));
}

export type AnswerSource = 'fixture' | 'simulator';

/**
 * What an answer has that its description does not allow, without the reasoned exceptions: one line
 * each, list elements as `*`. `used` collects the exceptions that were needed.
 */
export function defectsOf(
  { provider, stream }: { readonly provider: Provider; readonly stream: Stream },
  source: AnswerSource,
  body: unknown,
  used: Set<string>,
): string[] {
  const defects = describedOperation(provider, stream).defectsOf(200, body);
  if (defects === null) throw new Error(`${stream.operation} describes no answer`);
  const lines = new Set(defects.map(lineOf));
  for (const [index, exception] of EXCEPTIONS.entries()) {
    if (exception.stream !== stream.id || !exception.in.includes(source)) continue;
    if (lines.delete(exception.defect)) used.add(exceptionName(index, source));
  }
  return [...lines].sort();
}

function lineOf({ path: steps, message }: DescriptionDefect): string {
  const place = steps.map((step) => (/^\d+$/.test(step) ? '*' : step)).join('.');
  return `${place}: ${message}`;
}

/** Every exception in each of its places. */
export function exceptionNames(source: AnswerSource): string[] {
  return EXCEPTIONS.flatMap((exception, index) =>
    exception.in.includes(source) ? [exceptionName(index, source)] : [],
  );
}

function exceptionName(index: number, source: AnswerSource): string {
  const { stream, defect } = EXCEPTIONS[index] ?? { stream: '', defect: '' };
  return `${source}: ${stream}: ${defect}`;
}
