/** `meterhouse account rename OLD NEW`: the account goes on under the id that the configuration gives it. */
import { UsageError } from '../../foundation/errors.ts';
import { readConfiguration } from '../config.ts';
import { type Context, present } from '../context.ts';
import { Pipeline } from '../pipeline.ts';

/** Throws UsageError unless the configuration names the new id and not the old one. */
export async function accountRenameCommand(
  context: Context,
  former: string,
  renamed: string,
): Promise<void> {
  const configuration = await readConfiguration(context.configFile, context.environment);
  const isConfigured = (id: string): boolean =>
    configuration.accounts.some((account) => account.id === id);
  if (!isConfigured(renamed) || isConfigured(former)) {
    throw new UsageError(
      `give the account the id ${renamed} in ${configuration.file}, in the place of ${former}, then rename it`,
    );
  }
  const pipeline = await Pipeline.open(configuration, context.clock, context.log);
  try {
    const result = await pipeline.renameAccount(former, renamed);
    present(
      context,
      {
        account: renamed,
        former_id: former,
        charges_posted: result.chargesPosted,
        charges_reversed: result.chargesReversed,
      },
      () =>
        `${former} goes on as ${renamed}: ${result.chargesReversed} charges of open months reversed under the old id, ` +
        `${result.chargesPosted} posted under the new one; closed months stay as stated. ` +
        `Where reference, allocation or budget files name ${former}, change it there, too\n`,
    );
  } finally {
    await pipeline.close();
  }
}
