// The addresses that the build gives to Server Actions, against the sources: each is one that the pipeline made.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * @param {string} dist absolute path of the build folder
 * @param {string} root the checkout that was built
 * @returns {{ name: string, problems: string[] }}
 */
export function scanActions(dist, root) {
  const file = path.join(dist, 'server', 'server-reference-manifest.json');
  if (!existsSync(file)) {
    return { name: 'server actions', problems: [`${file} is missing; build the app first`] };
  }
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  const actions = [...Object.entries(manifest.node ?? {}), ...Object.entries(manifest.edge ?? {})];
  const none = actions.length === 0 ? ['the build knows no action, so nothing was checked'] : [];
  const problems = actions.flatMap(([id, action]) => problemsOf(root, id, action));
  return { name: `${actions.length} server actions all go through the pipeline`, problems: [...none, ...problems] };
}

function problemsOf(root, id, { filename = '', exportedName = '' }) {
  const said = `action ${id.slice(0, 12)} (${filename}, ${exportedName})`;
  if (!/^app\/.*actions\.ts$/.test(filename)) {
    return [`${said} does not stand in an actions.ts of app/`];
  }
  const source = path.join(root, filename);
  const text = existsSync(source) ? readFileSync(source, 'utf8') : '';
  const made = new RegExp(`^export const ${exportedName.replace(/\W/g, '\\$&')} = defineAction\\(`, 'm').test(text);
  return made ? [] : [`${said} is not made by defineAction`];
}
