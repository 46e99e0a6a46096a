/** Progress of long work on stderr: one moving line on a terminal, a plain line now and then elsewhere. */
export interface Progress {
  /** `done` of `total` steps, with a word on what is going on. */
  report(done: number, total: number, text: string): void;
  finish(): void;
}

const PLAIN_EVERY_MS = 5_000;
const TERMINAL_EVERY_MS = 100;

export function createProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  const isTerminal = stream.isTTY === true;
  let lastMs = 0;
  let hasLine = false;
  return {
    report(done, total, text) {
      const nowMs = performance.now();
      const isDue = nowMs - lastMs >= (isTerminal ? TERMINAL_EVERY_MS : PLAIN_EVERY_MS);
      if (!isDue && done < total) return;
      lastMs = nowMs;
      const percent = total === 0 ? 100 : Math.floor((done / total) * 100);
      const line = `${String(percent).padStart(3)}%  ${text}`;
      if (isTerminal) {
        stream.write(`\r\u001b[K${line}`);
        hasLine = true;
      } else stream.write(`${line}\n`);
    },
    finish() {
      if (hasLine) stream.write('\n');
      hasLine = false;
    },
  };
}
