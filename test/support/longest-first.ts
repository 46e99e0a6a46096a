/** Starts the files that take minutes first, so that no worker is left alone with one at the end. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** By a run on 2 cores, the longest first. */
const LONG_FILES = [
  'test/dashboards/queries.test.ts',
  'test/collectors/conformance/ledger-bounds.test.ts',
  'test/exports/focus/demo.test.ts',
  'test/app/daemon/database-faults.test.ts',
  'test/proof/seeds-01-05.test.ts',
  'test/proof/seeds-06-10.test.ts',
  'test/proof/seeds-11-15.test.ts',
  'test/proof/seeds-16-20.test.ts',
  'test/proof/seeds-replayed.test.ts',
  'test/proof/overbilling.test.ts',
  'test/app/daemon/hostile-providers.test.ts',
  'test/app/daemon/life.test.ts',
  'test/pipeline.test.ts',
  'test/app/rewind.test.ts',
  'test/app/demo.test.ts',
  'test/proof/kills.test.ts',
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const found = LONG_FILES.findIndex((file) => moduleId.endsWith(file));
      return found < 0 ? LONG_FILES.length : found;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}
