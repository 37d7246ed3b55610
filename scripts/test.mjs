// `npm test`: everything, from a clean clone. `npm test -- --only unit,e2e` for some stages,
// `npm test -- lib/deployments` for the unit tests of a folder, `npm test -- --only build,e2e approvals` for one spec.
// The last line is "N passed, N failed".
import { fileURLToPath } from 'node:url';
import { onSupportedNode, PROJECT_ROOT } from './bootstrap/node.mjs';

await onSupportedNode(fileURLToPath(import.meta.url), async () => {
  const { runTests } = await import('./testing/run-tests.mjs');
  process.exit(await runTests({ argv: process.argv.slice(2), root: PROJECT_ROOT }));
});
