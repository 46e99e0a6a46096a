/**
 * `npm run dashboards:render`: writes what Grafana loads from the sources beside this file. What is
 * written is committed; a test renders again and compares.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { renderAll } from './render-all.ts';

for (const [file, text] of renderAll()) {
  const target = path.join(import.meta.dirname, file);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, text);
  process.stdout.write(`${path.join('dashboards', file)}\n`);
}
