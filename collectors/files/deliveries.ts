/** Groups listed files into deliveries. */
import type { FileRecords } from './file-records.ts';
import type { ListedFile } from './file-source.ts';

export interface Delivery {
  readonly name: string;
  /** In the order of their paths. */
  readonly files: readonly ListedFile[];
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;

/**
 * In the order of their names. Exports that keep their former runs put each into a folder named by a UUID:
 * of these the newest counts, since each holds the whole. A delivery in two formats is read once, as CSV.
 */
export function deliveriesOf(
  files: readonly ListedFile[],
  { deliveryOf }: FileRecords,
): Delivery[] {
  return [...Map.groupBy(files, ({ path }) => deliveryOf(path))]
    .map(([name, ofDelivery]) => ({ name, files: inOneFormat(ofNewestRun(name, ofDelivery)) }))
    .sort(({ name }, { name: other }) => (name < other ? -1 : 1));
}

function ofNewestRun(delivery: string, files: readonly ListedFile[]): ListedFile[] {
  const byRun = Map.groupBy(files, ({ path }) => runOf(path.slice(delivery.length)));
  const runs = [...byRun].filter(([run]) => run !== null);
  const writtenMs = (of: readonly ListedFile[]): number =>
    Math.max(...of.map(({ modifiedMs }) => modifiedMs ?? 0));
  const [newest] = runs.sort(
    ([run = '', of], [other = '', ofOther]) =>
      writtenMs(ofOther) - writtenMs(of) || ((run ?? '') < (other ?? '') ? 1 : -1),
  );
  return [...(byRun.get(null) ?? []), ...(newest?.[1] ?? [])];
}

/** The folder of a path that a UUID names, or null. */
function runOf(path: string): string | null {
  const folders = path.split('/').slice(0, -1);
  const index = folders.findIndex((folder) => UUID.test(folder));
  return index < 0 ? null : folders.slice(0, index + 1).join('/');
}

function inOneFormat(files: readonly ListedFile[]): ListedFile[] {
  const texts = files.filter(({ path }) => !/\.parquet$/i.test(path));
  const kept = texts.length === 0 ? files : texts;
  return kept.toSorted(({ path }, { path: other }) => (path < other ? -1 : 1));
}
