/**
 * `meterhouse up`: the daemon. What is collected is what is due by the record of past sweeps, so that
 * a restart catches up and two daemons share the work.
 */
import { readConfiguration } from '../config.ts';
import type { Context } from '../context.ts';
import { Daemon } from '../daemon/daemon.ts';
import { Window } from '../daemon/window.ts';
import { withDatabaseRetry } from '../database.ts';

/** Runs until the context's signal. Throws DatabaseError when only a new process can go on. */
export async function upCommand(context: Context): Promise<void> {
  const configuration = await readConfiguration(context.configFile, context.environment);
  const daemon = await withDatabaseRetry(() => Daemon.start(context, configuration), {
    signal: context.signal,
    onFailure: (error, waitMs) =>
      context.log.error({ err: error.message, wait_ms: waitMs }, 'the daemon has not started yet'),
  });
  try {
    const window = await Window.open(daemon, context, configuration.daemon);
    try {
      context.log.info(
        { accounts: configuration.accounts.length, loops: daemon.states().length },
        `up: ${daemon.pipeline.warehouse.description}`,
      );
      await daemon.run();
    } finally {
      await window.close();
    }
  } finally {
    await daemon.close();
  }
}
