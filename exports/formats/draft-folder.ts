/**
 * The hidden folder in which a set of files is written before it is moved to its place. It is named
 * after the process that writes it, so that another run can tell what a killed one left behind: an
 * unfinished draft is dropped, a finished one that was being moved is moved to its end.
 */
import { mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';

const PREFIX = '.meterhouse-draft-';
/** Written when all files are complete. */
const PLAN = 'plan.json';
/** Of a process of another machine nobody here can tell whether it lives. */
const FOREIGN_AGE_MS_MAX = 86_400_000;
const HOST = hostname().replace(/[^A-Za-z0-9]/g, '');
const NAME = new RegExp(`^\\${PREFIX}(?:([A-Za-z0-9]*)-(\\d+)-)?[A-Za-z0-9]+$`);

/** What moving a draft to its place means. Names without a folder. */
export interface Plan {
  /** To be moved, in this order. */
  readonly files: readonly string[];
  /** Of a former run, to be removed then. */
  readonly obsolete: readonly string[];
}

const own = new Set<string>();

export async function makeDraft(folder: string): Promise<string> {
  const draft = await mkdtemp(path.join(folder, `${PREFIX}${HOST}-${process.pid}-`));
  own.add(path.basename(draft));
  return draft;
}

export async function dropDraft(draft: string): Promise<void> {
  await rm(draft, { recursive: true, force: true });
  own.delete(path.basename(draft));
}

/** Moves the files of a complete draft to their places. Whoever is killed on the way leaves the plan. */
export async function publishDraft(draft: string, plan: Plan): Promise<void> {
  const written = path.join(draft, `${PLAN}.new`);
  await writeFile(written, JSON.stringify(plan));
  await rename(written, path.join(draft, PLAN));
  await carryOut(draft, plan);
}

/** Ends what killed runs began in the folder of `ownDraft`, which has just been made. */
export async function recoverDrafts(ownDraft: string): Promise<void> {
  const folder = path.dirname(ownDraft);
  // By the clock of the file system, which may be another machine's.
  const { mtimeMs: nowMs } = await stat(ownDraft);
  for (const name of await readdir(folder)) {
    const draft = path.join(folder, name);
    if (!(await isAbandoned(draft, nowMs))) continue;
    const plan = await readPlan(draft);
    if (plan !== null) await carryOut(draft, plan);
    await dropDraft(draft);
  }
}

async function carryOut(draft: string, { files, obsolete }: Plan): Promise<void> {
  const folder = path.dirname(draft);
  const left = await readdir(draft);
  for (const name of files) {
    if (left.includes(name)) await rename(path.join(draft, name), path.join(folder, name));
  }
  for (const name of obsolete) await rm(path.join(folder, name), { force: true });
}

async function readPlan(draft: string): Promise<Plan | null> {
  const names = await readdir(draft);
  if (!names.includes(PLAN)) return null;
  return JSON.parse(await readFile(path.join(draft, PLAN), 'utf8')) as Plan;
}

async function isAbandoned(draft: string, nowMs: number): Promise<boolean> {
  const name = path.basename(draft);
  const match = NAME.exec(name);
  if (match === null || own.has(name)) return false;
  const [, host, pid] = match;
  if (host === HOST && pid !== undefined) {
    // A process that began anew under the same number, as in a container, knows its own drafts.
    return Number(pid) === process.pid || !isAlive(Number(pid));
  }
  return nowMs - (await stat(draft)).mtimeMs > FOREIGN_AGE_MS_MAX;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, under another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
