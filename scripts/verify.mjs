// `npm run verify`: the fences. Each guard counts as one; all of them run, whatever the first one says.
import { fileURLToPath } from 'node:url';
import { onSupportedNode, PROJECT_ROOT } from './bootstrap/node.mjs';

await onSupportedNode(fileURLToPath(import.meta.url), async () => {
  const { ensureDependencies } = await import('./bootstrap/dependencies.mjs');
  await ensureDependencies({ root: PROJECT_ROOT, log: console.log });
  const { runGuards } = await import('./guards.mjs');
  const { passed, failed } = await runGuards(PROJECT_ROOT);
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
});
