/** Real processes of a proof: the product's command line, and a database server to be killed. */
import { execFile, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const MAIN = path.resolve(import.meta.dirname, '../../app/main.ts');
const GONE_LOOKS_MAX = 200;
const GONE_LOOK_EVERY_MS = 25;

export interface Ended {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
}

/** A command of the product under way. */
export interface RunningCommand {
  readonly ended: Promise<Ended>;
  /** Kills it with SIGKILL. Returns false when it had ended already. */
  kill(): boolean;
}

/** Starts `meterhouse <command>` at the instant `nowMs` of its clock. */
export function startCommand(command: string, configFile: string, nowMs: number): RunningCommand {
  const startedMs = performance.now();
  const now = new Date(nowMs).toISOString();
  const child = spawn(
    process.execPath,
    [
      MAIN,
      command,
      '--config',
      configFile,
      '--now',
      now,
      '--force',
      '--json',
      '--log-level',
      'error',
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  return {
    ended: new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode) =>
        resolve({ exitCode, stdout, stderr, durationMs: performance.now() - startedMs }),
      );
    }),
    kill: () => child.exitCode === null && child.signalCode === null && child.kill('SIGKILL'),
  };
}

/**
 * Kills the PostgreSQL server of a folder as a power cut would: its postmaster and all its
 * children, with SIGKILL. Resolves when they are gone. Returns false when no server runs.
 */
export async function killServer(folder: string): Promise<boolean> {
  const postmaster = await postmasterOf(folder);
  if (postmaster === null) return false;
  const children = await childrenOf(postmaster);
  for (const pid of [postmaster, ...children]) sendKill(pid);
  for (let look = 0; look < GONE_LOOKS_MAX; look += 1) {
    const alive = await living();
    if (![postmaster, ...children].some((pid) => alive.has(pid))) return true;
    await sleep(GONE_LOOK_EVERY_MS);
  }
  throw new Error(`the killed PostgreSQL ${postmaster} does not go away`);
}

async function postmasterOf(folder: string): Promise<number | null> {
  const file = path.join(folder, 'cluster', 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const pid = Number.parseInt(text, 10);
  return Number.isInteger(pid) && (await living()).has(pid) ? pid : null;
}

function sendKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it ended by itself
  }
}

async function childrenOf(parent: number): Promise<number[]> {
  return (await processes()).filter((each) => each.parent === parent).map(({ pid }) => pid);
}

/** Processes that can still do something. */
async function living(): Promise<Set<number>> {
  const alive = (await processes()).filter(({ state }) => !state.startsWith('Z'));
  return new Set(alive.map(({ pid }) => pid));
}

async function processes(): Promise<{ pid: number; parent: number; state: string }[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,state=']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => {
      const [pid, parent, state = ''] = line.trim().split(/\s+/);
      return { pid: Number(pid), parent: Number(parent), state };
    });
}
