// Guards that read the text of the sources: vendor ids out of place, dangerous strings, things nobody may commit.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { listSourceFiles } from './source-files.mjs';

const CODE = /\.(ts|tsx|mjs|cjs|js)$/;
const TOO_LARGE = 2 * 1024 * 1024;

/** Screens and routes draw a provider from its manifest: none of them knows one by its id. */
export function checkVendorIds(root) {
  const ids = providerIds(root);
  if (ids.length === 0) {
    return [];
  }
  const pattern = new RegExp(`\\b(${ids.join('|')})\\b`);
  const files = listSourceFiles(root).filter((file) => /^(app|components)\//.test(file) && CODE.test(file));
  return findLines(
    root,
    files.filter((file) => !/\.test\.tsx?$/.test(file)),
    (line) => {
      const found = pattern.exec(line);
      return found && `names the provider "${found[1]}"; take the id from the data and the label from its manifest`;
    },
  );
}

const LATE_PART = 'components/ui/later.tsx';

/**
 * React drops a press on what the server drew before its code came. One place fetches parts of a page later and draws
 * them disabled until then; what opens over the page (`over`) is never drawn by a server.
 */
export function checkLateParts(root) {
  const files = listSourceFiles(root).filter((file) => /^(app|components)\//.test(file) && /\.tsx?$/.test(file));
  return findLines(
    root,
    files.filter((file) => !/\.test\.tsx?$/.test(file) && file !== LATE_PART),
    (line, file) => {
      if (/<Fetched\b(?!.*\bover\b)/.test(line))
        return `draws a part that comes later itself; use later() of ${LATE_PART}`;
      const loads = /next\/dynamic|\blazy\(/.test(line) && file !== 'components/ui/fetched.tsx';
      return loads ? `fetches code in a way of its own; use later() of ${LATE_PART}` : null;
    },
  );
}

// In pieces, so that this file does not contain what it forbids.
const DANGEROUS = [
  [new RegExp(`dangerously${'SetInnerHTML'}`), 'HTML that is not escaped'],
  [/\beval\(|\bnew Function\(/, 'code made from text'],
  [
    new RegExp(`(^|[\\s"'\`(=])/(${['home(?!/runner/)', 'Users', 'root', 'work'].join('|')})/[\\w.-]`),
    'a path of one machine',
  ],
  [new RegExp(`registry\\.${'npmjs'}\\.org`), 'the host of a package registry'],
];

/** Strings that have no business in the product. */
export function checkStrings(root) {
  const files = listSourceFiles(root).filter(
    (file) => CODE.test(file) && !/\/(fixtures|spec)\/|\.generated\.ts$|^scripts\/.*\.test\.ts$/.test(file),
  );
  return findLines(root, files, (line) => {
    const found = DANGEROUS.find(([pattern]) => pattern.test(line));
    return found?.[1];
  });
}

const CONFLICT = /^(<{7}|>{7}) /;
// With its body: a placeholder that shows only the first line is no key.
const PRIVATE_KEY = new RegExp(`-----BEGIN (\\w+ )?PRIVATE ${'KEY'}-----(\\s|\\\\n|["'\`+])*[\\w+/=]{40}`);

/** What may not be committed: conflict markers, private keys, files over 2 MB, environment files. */
export function checkTree(root) {
  const files = listSourceFiles(root);
  const large = files.filter((file) => statSync(path.join(root, file)).size > TOO_LARGE);
  const secret = files.filter((file) => /(^|\/)\.env(\.local)?$|(^|\/)keys\.json$/.test(file));
  const text = files.filter((file) => /\.(tsx?|mjs|cjs|js|json|md|css|sql|ya?ml)$/.test(file) && !large.includes(file));
  return [
    ...large.map((file) => `${file}: larger than 2 MB`),
    ...secret.map((file) => `${file}: holds secrets; it belongs in .gitignore`),
    ...findLines(root, text, (line) => (CONFLICT.test(line) ? 'a conflict marker' : undefined)),
    ...text
      .filter((file) => PRIVATE_KEY.test(readFileSync(path.join(root, file), 'utf8')))
      .map((file) => `${file}: a private key`),
  ];
}

function providerIds(root) {
  const folder = path.join(root, 'lib', 'providers');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.filter((name) => /^[a-z]/.test(name) && existsSync(path.join(folder, name, 'manifest.ts')));
}

function findLines(root, files, judge) {
  return files.flatMap((file) =>
    readFileSync(path.join(root, file), 'utf8')
      .split('\n')
      .flatMap((line, index) => {
        const problem = judge(line, file);
        return problem ? [`${file}:${index + 1}: ${problem}`] : [];
      }),
  );
}
