/**
 * PostgreSQL refuses to run as root. When Meterhouse is root, the server runs as `nobody`: by a
 * plain change of user where that user can reach the folders, else (a home folder closed to
 * others) through setpriv, which keeps the one capability that reading closed folders needs.
 */
import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { UsageError } from '../errors.ts';

const run = promisify(execFile);

export interface ServiceUser {
  readonly uid: number;
  readonly gid: number;
}

/** The command and spawn options that start `file` as the service user. */
export interface ServiceCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly options: { readonly uid?: number; readonly gid?: number };
}

/** The user to run PostgreSQL as, or null when the present one will do. */
export async function serviceUser(): Promise<ServiceUser | null> {
  if (process.getuid?.() !== 0) return null;
  try {
    const uid = Number.parseInt((await run('id', ['-u', 'nobody'])).stdout, 10);
    const gid = Number.parseInt((await run('id', ['-g', 'nobody'])).stdout, 10);
    return { uid, gid };
  } catch (cause) {
    throw new UsageError(
      'PostgreSQL does not run as root and there is no user nobody: start Meterhouse as another user',
      { cause },
    );
  }
}

/** Wraps a command so that it runs as `user`, who must reach every one of `folders`. */
export async function asServiceUser(
  user: ServiceUser | null,
  file: string,
  args: readonly string[],
  folders: readonly string[],
): Promise<ServiceCommand> {
  if (user === null) return { file, args, options: {} };
  if (await canReachAll(user, [...folders, path.dirname(file)])) {
    return { file, args, options: { uid: user.uid, gid: user.gid } };
  }
  const privileges = [
    `--reuid=${user.uid}`,
    `--regid=${user.gid}`,
    '--clear-groups',
    '--inh-caps=+dac_override,+dac_read_search',
    '--ambient-caps=+dac_override,+dac_read_search',
  ];
  return { file: 'setpriv', args: [...privileges, file, ...args], options: {} };
}

const OTHERS_EXECUTE = 0o001;
const OWNER_EXECUTE = 0o100;

async function canReachAll(user: ServiceUser, folders: readonly string[]): Promise<boolean> {
  for (const folder of folders) {
    for (let current = folder; ; current = path.dirname(current)) {
      const { mode, uid } = await stat(current);
      const needed = uid === user.uid ? OWNER_EXECUTE : OTHERS_EXECUTE;
      if ((mode & needed) === 0) return false;
      if (current === path.dirname(current)) break;
    }
  }
  return true;
}
