// `npm start`: from a clean clone to a running console. Parses on Node 18, so that it can bring a newer one.
import { fileURLToPath } from 'node:url';
import { onSupportedNode, PROJECT_ROOT } from './bootstrap/node.mjs';

await onSupportedNode(fileURLToPath(import.meta.url), async () => {
  const { runStart } = await import('./start/run-start.mjs');
  process.exit(await runStart({ argv: process.argv.slice(2), root: PROJECT_ROOT }));
});
