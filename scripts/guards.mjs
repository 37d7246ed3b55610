import { checkDocRefs } from './check-doc-refs.mjs';
import { checkLock } from './check-lock.mjs';
import { checkPromises, commitsNotHere } from './check-promises.mjs';
import { checkSizes } from './check-sizes.mjs';
import { checkLateParts, checkStrings, checkTree, checkVendorIds } from './check-text.mjs';
import { checkCleanInstall, checkImports, checkLint, checkProviders, checkTypes } from './check-tools.mjs';

const SHOWN = 40;

/** @type {[string, (root: string) => string[] | Promise<string[]>][]} */
const GUARDS = [
  ['types', checkTypes],
  ['format and lint', checkLint],
  ['import rules', checkImports],
  ['file and function sizes', checkSizes],
  ['provider folders, catalog and registry agree', checkProviders],
  ['no vendor id in screens and routes', checkVendorIds],
  ['what comes later is drawn disabled until then', checkLateParts],
  ['no dangerous strings', checkStrings],
  ['documents name what exists', checkDocRefs],
  ['promises are what their runs showed', checkPromises],
  ['lock file is complete', checkLock],
  ['npm ci accepts the lock file', checkCleanInstall],
  ['nothing that may not be committed', checkTree],
];

/**
 * Runs every guard and prints a line for each as it ends. The type checker takes as long as all the others and uses one core, so
 * they go beside it. @returns {Promise<import('./testing/reports.mjs').Counts>}
 */
export async function runGuards(root, say = console.log) {
  const [types, ...others] = GUARDS;
  const oneByOne = async () => {
    const all = [];
    for (const guard of others) all.push(await runGuard(guard, root, say));
    return all;
  };
  const [first, rest] = await Promise.all([runGuard(types, root, say), oneByOne()]);
  const unknown = commitsNotHere(root);
  if (unknown.length > 0) {
    say(`note docs/promises.json was measured at commits that are not here: ${unknown.join(', ')}`);
  }
  const failures = [first, ...rest].flatMap(({ name, problems: [problem] }) =>
    problem ? [`${name}: ${problem}`] : [],
  );
  return { passed: GUARDS.length - failures.length, failed: failures.length, failures };
}

async function runGuard([name, check], root, say) {
  const begun = Date.now();
  const problems = await Promise.resolve()
    .then(() => check(root))
    .catch((error) => [error.message]);
  say(`${problems.length > 0 ? 'FAIL' : 'ok  '} ${name} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
  for (const problem of problems.slice(0, SHOWN)) {
    say(`       ${problem}`);
  }
  if (problems.length > SHOWN) {
    say(`       … and ${problems.length - SHOWN} more`);
  }
  return { name, problems };
}
