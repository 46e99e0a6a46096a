/** The composition root: the process's arguments, streams and signals meet the command line. */
import './node-version.js';
import module from 'node:module';

// Before anything of ours is imported: the second start finds it compiled.
module.enableCompileCache();
const { runCli } = await import('./cli.ts');
const { standardOutput } = await import('./output.ts');

const EXIT_USAGE = 2;

/** Whatever is under way: by then the process is gone. The server rolls back what was not committed. */
const STOP_MS_MAX = 9_000;

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    stop.abort(new Error(signal));
    setTimeout(() => process.exit(0), STOP_MS_MAX).unref();
  });
}

// Who reads no further (`| head`) has seen enough; a full disk has not got what was asked for.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  process.stderr.write(`error: cannot write the output: ${error.message}\n`);
  process.exit(EXIT_USAGE);
});

process.exitCode = await runCli(process.argv.slice(2), {
  environment: process.env,
  output: standardOutput,
  writeError: (text) => {
    process.stderr.write(text);
  },
  signal: stop.signal,
  onReload: (callback) => {
    process.on('SIGHUP', callback);
    return () => process.removeListener('SIGHUP', callback);
  },
});
