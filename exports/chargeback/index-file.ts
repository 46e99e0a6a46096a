/** Writes the first page of a month, after all files that it links. */
import { FileOutput } from '../formats/file-output.ts';
import type { FileSet } from '../formats/file-set.ts';
import type { Snapshot } from '../snapshot.ts';
import { type IndexProvider, type IndexTeam, indexPage } from './index-page.ts';
import { filePrefix, type Summary } from './manifest.ts';
import type { DayRow } from './statement-charts.ts';
import { teamPageName } from './statements.ts';

export function indexName(month: string): string {
  return `${filePrefix(month)}index.html`;
}

export async function addIndex(
  snapshot: Snapshot,
  files: FileSet,
  summary: Summary,
): Promise<void> {
  const prefix = filePrefix(summary.month);
  const page = indexPage(summary, {
    teams: await snapshot.rows<IndexTeam>('index_teams'),
    providers: await snapshot.rows<IndexProvider>('index_providers'),
    days: await snapshot.rows<DayRow>('index_days'),
    files: files.written,
    pageOf: (team) => teamPageName(prefix, team),
  });
  await files.add(indexName(summary.month), (file) =>
    FileOutput.writeFile(file, async (output) => {
      await output.writeText(page);
      return summary.totals.length;
    }),
  );
}
