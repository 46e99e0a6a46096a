/** Is an answer what its stream declares, before its records are looked at? */
import { ContractError } from '../foundation/errors.ts';
import type { Slice, Stream } from './stream.ts';

/** A listing that is no list is a broken answer, not an empty one: throws ContractError. */
export function assertShapes(stream: Stream, slice: Slice, body: unknown): void {
  for (const { name, records } of stream.entities) {
    let place = body;
    for (const step of records.path) {
      place = typeof place === 'object' && place !== null ? Reflect.get(place, step) : undefined;
    }
    const isRight =
      records.shape === 'array'
        ? Array.isArray(place)
        : typeof place === 'object' && place !== null && !Array.isArray(place);
    if (isRight) continue;
    const where = records.path.length === 0 ? 'the answer' : `"${records.path.join('.')}"`;
    const wanted = records.shape === 'array' ? 'a list' : 'an object';
    throw new ContractError(
      `${stream.id}${slice.name === '' ? '' : ` ${slice.name}`}: ${where} should be ${wanted} of ${name}`,
    );
  }
}
