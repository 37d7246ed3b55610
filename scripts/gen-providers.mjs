#!/usr/bin/env node
// Writes the list of providers from the folders, so that adding one is adding a folder.
// `--check` writes nothing and fails when the lists are not what the folders say.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const HOME = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', 'lib', 'providers');
const NOT_PROVIDERS = new Set(['_template', 'conformance']);
const HEADER = '// Written by `npm run gen` from the folders of lib/providers. Do not edit.\n';

/** The ids of all providers: folders with a manifest, sorted. */
export function providerIds(home = HOME) {
  return readdirSync(home, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !NOT_PROVIDERS.has(entry.name))
    .map((entry) => entry.name)
    .filter((id) => {
      if (!/^[a-z][a-z0-9-]*$/.test(id))
        throw new Error(`lib/providers/${id}: a provider's folder is named in kebab-case.`);
      for (const file of ['manifest.ts', 'adapter.ts']) {
        if (!existsSync(path.join(home, id, file)))
          throw new Error(`lib/providers/${id} has no ${file}; see docs/adding-a-provider.md.`);
      }
      return true;
    })
    .sort();
}

const variable = (id) => id.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());

/** The two files by name. The catalog holds data only and goes to the browser; the registry holds code and stays. */
export function generated(ids) {
  const entries = ids.map((id) => (variable(id) === id ? `  ${id},` : `  '${id}': ${variable(id)},`));
  const list = (lines) => (lines.length > 0 ? `\n${lines.join('\n')}\n` : '');
  const catalog = [
    HEADER.trimEnd(),
    ...ids.map((id) => `import { manifest as ${variable(id)} } from './${id}/manifest';`),
    "import type { AnyProvider } from './port';",
    '',
    '/** Every provider as data: what the screens are drawn from. */',
    `export const catalog: Readonly<Record<string, AnyProvider['manifest']>> = {${list(entries)}};`,
    '',
  ];
  const registry = [
    HEADER.trimEnd(),
    "import 'server-only';",
    ...ids.map((id) => `import { provider as ${variable(id)} } from './${id}/adapter';`),
    "import type { AnyProvider } from './port';",
    '',
    '/** Every provider as code. Server only. */',
    `export const providers: Readonly<Record<string, AnyProvider>> = {${list(entries)}};`,
    '',
  ];
  return { 'catalog.generated.ts': catalog.join('\n'), 'registry.generated.ts': registry.join('\n') };
}

function main() {
  const check = process.argv.includes('--check');
  let stale = 0;
  for (const [name, text] of Object.entries(generated(providerIds()))) {
    const file = path.join(HOME, name);
    const present = existsSync(file) ? readFileSync(file, 'utf8') : '';
    if (present === text) continue;
    stale += 1;
    if (!check) writeFileSync(file, text);
    console.log(check ? `lib/providers/${name} is not up to date: run npm run gen.` : `wrote lib/providers/${name}`);
  }
  process.exitCode = check && stale > 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
