// What a file server gets: pages that say their own policy, links that lead somewhere, and nothing of the server.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { findServerCode } from './scan-bundle.mjs';

const NEEDED = [
  'index.html',
  '404.html',
  '.nojekyll',
  'status/index.html',
  'status/releases/index.html',
  'docs/index.html',
];
const RECORD = '.well-known/aetherstack.json';
const TEXT = /\.(?:html|js|css|txt|json|svg|xml)$/;

// By their looks; a document may name a variable, and never show a value.
const SECRETS = [
  [/\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_\w{40,}/, 'a token of GitHub'],
  [/\bglpat-[\w-]{20,}|\bnpm_[A-Za-z0-9]{30,}|\bxox[abp]-[\w-]{20,}|\bAKIA[A-Z0-9]{16}\b/, 'a token'],
  [/-----BEGIN (?:\w+ )?PRIVATE KEY-----/, 'a private key'],
  [/\bv1\.[0-9a-f]{8,}\.[\w-]{40,}\./, 'a sealed value'],
  [/\bpostgres(?:ql)?:\/\/[^\s:/@]+:[^\s/@]{6,}@/, 'the password of a database'],
  [/\$ACTION_/, 'a server action'],
];
/** React itself names the header of actions, in a file that every page loads. */
const IN_PAGES = [/next-action/, 'a server action'];

/**
 * @param {string} folder absolute path of the export
 * @param {string} basePath where it is served below its host; empty at the root
 * @returns {{ name: string, problems: string[] }[]}
 */
export function scanExport(folder, basePath = '') {
  const files = listFiles(folder);
  if (files.length === 0) {
    return [{ name: 'export', problems: [`${folder} holds no file; run “npm run build:static” first`] }];
  }
  const pages = files.filter((file) => file.endsWith('.html'));
  const scripts = files.filter((file) => file.endsWith('.js')).map((file) => path.join(folder, file));
  return [
    { name: 'the export has every page that it should', problems: missing(files) },
    { name: `no server code in ${scripts.length} scripts of the export`, problems: findServerCode(scripts) },
    { name: `no secret and no action in ${files.length} files of the export`, problems: findSecrets(folder, files) },
    {
      name: `${pages.length} exported pages allow exactly their own scripts`,
      problems: pages.flatMap((file) => policyOf(folder, file)),
    },
    {
      name: 'every link of the export leads to a file of it, and to a place in it',
      problems: deadLinks(folder, pages, basePath),
    },
    { name: 'the record says that nothing of it needs a server', problems: recordProblems(folder, basePath) },
  ];
}

function missing(files) {
  const there = new Set(files);
  return [
    ...NEEDED.filter((file) => !there.has(file)).map((file) => `${file} is missing`),
    ...files.filter((file) => file.endsWith('.map')).map((file) => `${file} shows the sources`),
  ];
}

function findSecrets(folder, files) {
  return files
    .filter((file) => TEXT.test(file))
    .flatMap((file) => {
      const known = file.startsWith('_next/') ? SECRETS : [...SECRETS, IN_PAGES];
      const text = readFileSync(path.join(folder, file), 'utf8');
      return known.filter(([pattern]) => pattern.test(text)).map(([, what]) => `${file} holds ${what}`);
    });
}

function policyOf(folder, file) {
  const html = readFileSync(path.join(folder, file), 'utf8');
  const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
  const allowed = /script-src ([^;]*)/.exec(policy)?.[1]?.split(' ') ?? [];
  const inline = [...html.matchAll(/<script((?:\s[^>]*)?)>([\s\S]*?)<\/script>/g)].filter(
    ([, given]) => !/\ssrc=/.test(given),
  );
  const hashes = inline.map(([, , text]) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  return [
    ...(policy.includes("default-src 'none'") ? [] : [`${file} has no content policy`]),
    ...(/unsafe|\*/.test(policy) ? [`${file} allows more than it names`] : []),
    ...hashes.filter((hash) => !allowed.includes(hash)).map(() => `${file} has a script that its policy forbids`),
  ];
}

/** Addresses of the site itself in its pages, without what only the console has: that is elsewhere. */
function deadLinks(folder, pages, basePath) {
  return pages.flatMap((file) => {
    const html = readFileSync(path.join(folder, file), 'utf8').replace(/<script[\s\S]*?<\/script>/g, (tag) =>
      tag.slice(0, tag.indexOf('>') + 1),
    );
    const here = `${basePath}/${file.replace(/(?:^|(?<=\/))index\.html$/, '')}`;
    const found = [...html.matchAll(/\s(?:href|src)="([^"]*)"/g)]
      .map(([, address]) => address.replaceAll('&amp;', '&'))
      .filter((address) => !/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(address))
      .map((address) => (/^#/.test(address) ? `${here}${address}` : new URL(address, `http://x${here}`).href.slice(8)));
    return [...new Set(found)]
      .filter((address) => !leads(folder, address, basePath))
      .map((address) => `${file} leads to ${address}, which is not there`);
  });
}

function leads(folder, address, basePath) {
  const [, pathname = '', hash = ''] = /^([^?#]*)(?:\?[^#]*)?(?:#(.*))?$/.exec(decodeURI(address)) ?? [];
  if (pathname !== basePath && !pathname.startsWith(`${basePath}/`)) {
    return false;
  }
  const file = path.join(folder, pathname.slice(basePath.length));
  if (!existsSync(file)) {
    return false;
  }
  const page = statSync(file).isFile() ? file : path.join(file, 'index.html');
  return existsSync(page) && (hash === '' || readFileSync(page, 'utf8').includes(` id="${hash}"`));
}

function recordProblems(folder, basePath) {
  const file = path.join(folder, RECORD);
  if (!existsSync(file)) {
    return [`${RECORD} is missing`];
  }
  const record = JSON.parse(readFileSync(file, 'utf8'));
  const served = record.routes.filter(({ kind }) => kind !== 'static').map(({ path: at, kind }) => `${at} is ${kind}`);
  return [
    ...(record.mode === 'ssg' ? [] : [`it is called ${record.mode}`]),
    ...(record.basePath === basePath ? [] : [`its base path is “${record.basePath}”, not “${basePath}”`]),
    ...(record.features.length === 0 ? [] : [`it needs ${record.features.join(', ')}`]),
    ...(record.routes.length > 0 ? served : ['it knows no route']),
  ];
}

function listFiles(folder) {
  const entries = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [];
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}
