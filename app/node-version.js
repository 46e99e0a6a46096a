/**
 * Refuses an older Node in one line. Plain JavaScript, so that such a Node can read it: import it
 * before any TypeScript.
 */
const MAJOR_MIN = 24;
const EXIT_USAGE = 2;

const { node } = process.versions;
if (Number.parseInt(node, 10) < MAJOR_MIN) {
  process.stderr.write(
    `error: Node ${node} is too old: version ${MAJOR_MIN} or newer is needed; \`npm ci\` brings it on Linux and Windows, and \`npm run meterhouse\` uses it\n`,
  );
  process.exit(EXIT_USAGE);
}
