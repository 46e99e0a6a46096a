/** Runs the command line in this process against a configuration of the test's own. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { runCli } from '../../app/cli.ts';
import { SIMULATED_CREDENTIALS, type Simulation } from '../../simulator/simulation.ts';

export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `isSimulated`: `--now` is of a simulated world, as in most tests; else the database's clock rules. */
export async function cli(
  argv: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  { isSimulated = true }: { readonly isSimulated?: boolean } = {},
): Promise<CliResult> {
  let stdout = '';
  let stderr = '';
  const exitCode = await runCli(['--log-level', 'silent', ...argv], {
    environment,
    output: {
      write: (text) => {
        stdout += text;
      },
      isTerminal: false,
    },
    writeError: (text) => {
      stderr += text;
    },
    signal: new AbortController().signal,
    isSimulated,
  });
  return { exitCode, stdout, stderr };
}

/** A folder that is gone when the test is over. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'meterhouse-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function configurationFile(content: unknown): Promise<string> {
  const file = path.join(await temporaryFolder(), 'meterhouse.yaml');
  await writeFile(file, typeof content === 'string' ? content : stringify(content));
  return file;
}

/** Accounts at all four simulated hosts. */
export function simulatedAccounts(simulation: Simulation): Record<string, unknown>[] {
  return (['i3d', 'voltage-park', 'fluence', 'openmetal'] as const).map((provider) => ({
    id: `${provider}-test`,
    provider,
    base_url: simulation.urls[provider],
    credentials: SIMULATED_CREDENTIALS[provider],
  }));
}
