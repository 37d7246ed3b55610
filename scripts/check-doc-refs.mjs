import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isMain, listSourceFiles, reportAlone } from './source-files.mjs';

const DOCUMENTS = /^(README|CONTRIBUTING|SECURITY)\.md$|^docs\/.*\.md$|^lib\/.*\/README\.md$/;
const FOLDERS = /^\.?\/?(app|bench|components|docs|e2e|lib|public|scripts)\//;
const PLACEHOLDER = /[<>*{}…|$]|\.\.\./;

/** Every path, link and `npm run` command that the documents name exists. */
export function checkDocRefs(root) {
  const scripts = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).scripts ?? {};
  const documents = listSourceFiles(root).filter(
    (file) => DOCUMENTS.test(file) && !file.includes('sandbox/repository/'),
  );
  return documents.flatMap((file) => {
    const lines = readFileSync(path.join(root, file), 'utf8').split('\n');
    return lines.flatMap((line, index) => {
      const missing = [...missingPaths(root, file, line), ...missingScripts(scripts, line)];
      return missing.map((what) => `${file}:${index + 1}: ${what}`);
    });
  });
}

function missingPaths(root, file, line) {
  const links = [...line.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);
  const local = links.filter((target) => !/^([a-z]+:|#|\/\/)/i.test(target)).map((target) => target.split('#')[0]);
  const brokenLinks = local.filter((target) => !existsSync(path.resolve(root, path.dirname(file), target)));
  const spans = [...line.matchAll(/`([^`]+)`/g)].map(([, text]) =>
    text.replace(/[:#]L?\d+.*$/, '').replace(/[.,;]$/, ''),
  );
  const paths = spans.filter((text) => FOLDERS.test(text) && !PLACEHOLDER.test(text) && !/\s/.test(text));
  const brokenPaths = paths.filter((text) => !existsSync(path.join(root, text)));
  return [...brokenLinks, ...brokenPaths].map((target) => `${target} does not exist`);
}

function missingScripts(scripts, line) {
  const named = [...line.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name]) => name);
  const short = [...line.matchAll(/\bnpm (start|test)\b/g)].map(([, name]) => name);
  return [...named, ...short].filter((name) => !scripts[name]).map((name) => `package.json has no script "${name}"`);
}

if (isMain(import.meta.url)) {
  await reportAlone('doc references', checkDocRefs);
}
