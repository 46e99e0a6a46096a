/** What the npm scripts start: TypeScript is loaded only by a Node that can read it. */
import './node-version.js';

await import('./main.ts');
