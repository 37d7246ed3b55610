// What the built server says about itself, against what it is known to be.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const NEEDS = ['server-actions', 'proxy', 'headers', 'handlers'];
/** One of each kind that this console has. */
const KNOWN = { '/now': 'dynamic', '/status': 'dynamic', '/docs/[...slug]': 'static', '/api/health': 'handler' };

/**
 * @param {string} dist absolute path of the build folder
 * @returns {{ name: string, problems: string[] }}
 */
export function scanRecord(dist) {
  const name = 'the record of the server says what it needs';
  const file = path.join(dist, 'standalone', 'public', '.well-known', 'aetherstack.json');
  if (!existsSync(file)) {
    return { name, problems: [`${file} is missing; build the app first`] };
  }
  const record = JSON.parse(readFileSync(file, 'utf8'));
  const kinds = Object.fromEntries(record.routes.map(({ path: at, kind }) => [at, kind]));
  return {
    name,
    problems: [
      ...(record.mode === 'ssr' ? [] : [`it is called ${record.mode}`]),
      ...NEEDS.filter((each) => !record.features.includes(each)).map((each) => `it does not say that it needs ${each}`),
      ...Object.entries(KNOWN)
        .filter(([at, kind]) => kinds[at] !== kind)
        .map(([at, kind]) => `${at} is ${kind}, and called ${kinds[at] ?? 'nothing'}`),
    ],
  };
}
