/** The source that an account's base_url names: a folder (`file:`), or a server. */
import { FileServer, type FileServerOptions } from './file-server.ts';
import { FILE_LIMITS, type FileLimits, type FileSource } from './file-source.ts';
import { FolderSource } from './folder-source.ts';
import { HttpFiles } from './http-files.ts';

export type OpenSourceOptions = Omit<FileServerOptions, 'isSigned'>;

/** The caller closes it. Throws UsageError for a base_url that is no plain address. */
export function openSource(
  options: OpenSourceOptions,
  limits: FileLimits = FILE_LIMITS,
): FileSource {
  const { accountId, baseUrl, credentials } = options;
  if (isFolder(baseUrl)) return new FolderSource(accountId, baseUrl, limits);
  const { signed_urls: signedUrls = null } = credentials;
  const server = new FileServer({ ...options, isSigned: signedUrls !== null });
  return new HttpFiles({ accountId, server, limits, signedUrls });
}

export function isFolder(baseUrl: string): boolean {
  return baseUrl.startsWith('file:');
}
