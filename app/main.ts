/** The composition root: the process's arguments, streams and signals meet the command line. */
import { runCli } from './cli.ts';
import { standardOutput } from './output.ts';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => stop.abort(new Error(signal)));
}

process.exitCode = await runCli(process.argv.slice(2), {
  environment: process.env,
  output: standardOutput,
  writeError: (text) => {
    process.stderr.write(text);
  },
  signal: stop.signal,
});
