/** Collects what in an account's answers is not as expected. Names no value of any answer. */
import type { Description } from '../../collectors/description.ts';
import type { Stream } from '../../collectors/stream.ts';
import { recordsOf } from '../../collectors/validate-records.ts';
import type { Finding, Recording } from './recording.ts';
import type { FieldInventory, Scrubber } from './scrubber.ts';

const FINDINGS_MAX = 1_000;

export class Findings {
  readonly #scrubber: Scrubber;
  readonly #description: Description | null;
  readonly #ofSchemas = new Map<string, Finding>();
  readonly #ofDescription = new Map<string, Finding>();

  constructor(scrubber: Scrubber, description: Description | null) {
    this.#scrubber = scrubber;
    this.#description = description;
  }

  /** `body` is the answer's parsed copy as it came, before anything was scrubbed. */
  look(stream: Stream, status: number, body: unknown): void {
    if (status >= 200 && status < 300) this.#lookAtRecords(stream, body);
    const operation = this.#description?.operation(stream.operation) ?? null;
    for (const { path, message } of operation?.defectsOf(status, body) ?? []) {
      const where = [stream.operation, this.#place(path)].join(' ').trim();
      count(this.#ofDescription, where, message);
    }
  }

  report(since: Recording | null, recordedNow: Pick<Recording, 'pseudonyms'>): Recording['report'] {
    const unknown = [...this.#scrubber.unknownFields].map(
      ([where, answers]): Finding => ({ where, what: 'in no schema', answers }),
    );
    const isDescribed = this.#description !== null;
    return {
      schemas: [...this.#ofSchemas.values()],
      unknown_fields: unknown.slice(0, FINDINGS_MAX),
      description: isDescribed ? [...this.#ofDescription.values()] : null,
      since: since === null ? null : difference(since, this.#scrubber.fields, recordedNow),
    };
  }

  #lookAtRecords(stream: Stream, body: unknown): void {
    for (const entity of stream.entities) {
      for (const record of recordsOf(entity, body)) {
        const result = entity.schema.safeParse(record);
        for (const issue of result.error?.issues ?? []) {
          const place = this.#place(issue.path.map(String));
          count(this.#ofSchemas, `${entity.name} ${place}`.trim(), issue.message);
        }
      }
    }
  }

  /** A path as it may be shown: elements as `[]`. */
  #place(path: readonly string[]): string {
    return path
      .map((step) => (/^\d+$/.test(step) ? '[]' : `.${this.#scrubber.name(step)}`))
      .join('')
      .replace(/^\./, '');
  }
}

function count(findings: Map<string, Finding>, where: string, what: string): void {
  const key = `${where}\n${what}`;
  const known = findings.get(key);
  if (known === undefined && findings.size >= FINDINGS_MAX) return;
  findings.set(key, { where, what, answers: (known?.answers ?? 0) + 1 });
}

/** The inventory as it is written, in order. */
export function writtenFields(fields: FieldInventory): Recording['fields'] {
  return Object.fromEntries(
    [...fields]
      .sort()
      .map(([entity, ofEntity]) => [
        entity,
        Object.fromEntries([...ofEntity].sort().map(([name, types]) => [name, [...types].sort()])),
      ]),
  ) as Recording['fields'];
}

/** Only of entities that both recordings show: a stream that was not asked says nothing. */
function difference(
  before: Recording,
  inventory: FieldInventory,
  { pseudonyms }: Pick<Recording, 'pseudonyms'>,
): Recording['report']['since'] {
  const now = writtenFields(inventory);
  const appeared: string[] = [];
  const vanished: string[] = [];
  const changed: string[] = [];
  for (const entity of Object.keys(now).filter((name) => Object.hasOwn(before.fields, name))) {
    const [then = {}, today = {}] = [before.fields[entity], now[entity]];
    for (const name of Object.keys({ ...then, ...today })) {
      const [old, current] = [then[name], today[name]];
      const field = `${entity}.${name}`;
      if (old === undefined) appeared.push(field);
      else if (current === undefined) vanished.push(field);
      else if (old.join() !== current.join()) {
        changed.push(`${field}: ${old.join(' or ')} became ${current.join(' or ')}`);
      }
    }
  }
  return {
    recorded_at: before.recorded_at,
    same_pseudonyms: before.pseudonyms === pseudonyms,
    appeared,
    vanished,
    changed,
  };
}
