/**
 * A YAML text as people write it, and where its values are. Refused with line and column: what is
 * not YAML, keys given twice, more than one document, values that contain themselves, and aliases
 * or nesting that make a short text a huge value.
 */
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { DefectListError } from './errors.ts';

const NESTING_MAX = 50;
const VALUES_MAX = 200_000;

export type YamlPath = readonly (string | number)[];

/** What is wrong at a place of the file. */
export interface YamlDefect {
  readonly path: YamlPath;
  readonly reason: string;
}

export interface YamlFile {
  readonly content: unknown;
  /** `file:line:column: reason`; for a member that is not there, where its parent begins. */
  readonly describe: (defect: YamlDefect) => string;
}

/** Throws DefectListError with every defect of the text. */
export function parseYaml(text: string, file: string): YamlFile {
  const lines = new LineCounter();
  const refused = (defects: readonly string[]): DefectListError =>
    new DefectListError(`${file} is not valid YAML`, defects);
  const at = (offset: number, reason: string): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}: ${reason}`;
  };
  let document: Document.Parsed;
  try {
    document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw refused([`${file}:1:1: values are nested too deeply`]);
  }
  if (document.errors.length > 0) {
    throw refused(document.errors.map(({ pos, message }) => at(pos[0], firstLine(message))));
  }
  const describe = ({ path, reason }: YamlDefect): string => at(offsetOf(document, path), reason);
  let content: unknown;
  try {
    content = document.toJS();
  } catch (cause) {
    const reason = cause instanceof Error ? firstLine(cause.message) : String(cause);
    throw refused([`${file}:1:1: ${reason}`]);
  }
  const defect = oversized(content);
  if (defect !== null) throw refused([describe(defect)]);
  return { content, describe };
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}

/** The offset of the value at `path`, or of the nearest value around it that is written. */
function offsetOf(document: Document.Parsed, path: YamlPath): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range != null) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}

/** Walks the value as its readers will: each alias counts as often as it is used. */
function oversized(content: unknown): YamlDefect | null {
  const around = new Set<unknown>();
  let values = 0;
  const walk = (value: unknown, path: YamlPath): YamlDefect | null => {
    values += 1;
    if (values > VALUES_MAX) {
      return {
        path: path.slice(0, 1),
        reason: `aliases make more than ${VALUES_MAX} values of it`,
      };
    }
    if (typeof value !== 'object' || value === null) return null;
    if (around.has(value)) return { path, reason: 'the value contains itself through an alias' };
    if (path.length >= NESTING_MAX) return { path, reason: 'values are nested too deeply' };
    around.add(value);
    for (const [name, member] of Object.entries(value)) {
      const key = Array.isArray(value) ? Number(name) : name;
      const defect = walk(member, [...path, key]);
      if (defect !== null) return defect;
    }
    around.delete(value);
    return null;
  };
  return walk(content, []);
}
