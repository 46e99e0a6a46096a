/** Ends the test output with the slowest files and one plain line that any CI can read: `N passed, N failed`. */
import type { Reporter, TestModule } from 'vitest/node';

export class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    let passed = 0;
    let failed = 0;
    for (const module of modules) {
      if (module.errors().length > 0) failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed += 1;
        if (state === 'failed') failed += 1;
      }
    }
    process.stdout.write(slowest(modules));
    process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  }
}

const SHOWN = 10;

function slowest(modules: readonly TestModule[]): string {
  const files = modules
    .map((module) => {
      const { collectDuration, setupDuration, duration } = module.diagnostic();
      return { name: module.relativeModuleId, ms: collectDuration + setupDuration + duration };
    })
    .sort((one, other) => other.ms - one.ms)
    .slice(0, SHOWN);
  const lines = files.map(({ name, ms }) => `${(ms / 1000).toFixed(1).padStart(7)} s  ${name}`);
  return `\nslowest files:\n${lines.join('\n')}\n`;
}
