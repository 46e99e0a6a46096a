/**
 * PostgreSQL refuses to run as root. When Meterhouse is root, the server runs as `nobody`: by a
 * plain change of user where that user can reach the folders, else (a home folder closed to
 * others) in a user namespace in which root itself goes by that name.
 */
import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { UsageError } from '../../foundation/errors.ts';

const run = promisify(execFile);

/** As whom the server's programs run. */
export type ServiceUser =
  | { readonly kind: 'self' }
  /** Another user, who owns the data. */
  | { readonly kind: 'other'; readonly uid: number; readonly gid: number }
  /** Root under another name, which owns the data as root. */
  | { readonly kind: 'namespace'; readonly uid: number; readonly gid: number };

/** The command and spawn options that start a program as the service user. */
export interface ServiceCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly options: { readonly uid?: number; readonly gid?: number };
}

/** Chooses the user, who must reach every one of `folders`. */
export async function serviceUser(folders: readonly string[]): Promise<ServiceUser> {
  if (process.getuid?.() !== 0) return { kind: 'self' };
  let uid: number;
  let gid: number;
  try {
    uid = Number.parseInt((await run('id', ['-u', 'nobody'])).stdout, 10);
    gid = Number.parseInt((await run('id', ['-g', 'nobody'])).stdout, 10);
  } catch (cause) {
    throw new UsageError(
      'PostgreSQL does not run as root and there is no user nobody: start Meterhouse as another user',
      { cause },
    );
  }
  const isReachable = await canReachAll(uid, folders);
  return { kind: isReachable ? 'other' : 'namespace', uid, gid };
}

/** Wraps a command so that it runs as `user`. */
export function asServiceUser(
  user: ServiceUser,
  file: string,
  args: readonly string[],
): ServiceCommand {
  switch (user.kind) {
    case 'self':
      return { file, args, options: {} };
    case 'other':
      return { file, args, options: { uid: user.uid, gid: user.gid } };
    case 'namespace': {
      const names = ['--user', `--map-user=${user.uid}`, `--map-group=${user.gid}`];
      return { file: 'unshare', args: [...names, file, ...args], options: {} };
    }
  }
}

const OTHERS_EXECUTE = 0o001;
const OWNER_EXECUTE = 0o100;

async function canReachAll(userId: number, folders: readonly string[]): Promise<boolean> {
  for (const folder of folders) {
    for (let current = folder; ; current = path.dirname(current)) {
      const { mode, uid } = await stat(current);
      const needed = uid === userId ? OWNER_EXECUTE : OTHERS_EXECUTE;
      if ((mode & needed) === 0) return false;
      if (current === path.dirname(current)) break;
    }
  }
  return true;
}
