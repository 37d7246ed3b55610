import { describe, expect, it } from 'vitest';
import { readConfig } from './config';
import { testApp } from './testing/test-app';

const read = (text: string, env: Record<string, string | null> = { AETHERSTACK_RENDERING: 'ssg' }) =>
  readConfig('next.config.mjs', text, env);
const outputOf = (text: string, env?: Record<string, string | null>) => {
  const { value } = read(text, env).output;
  return value.kind === 'literal' ? value.value : value.kind;
};

describe('what a config says in a mode', () => {
  const ours = `
    const ssg = process.env.AETHERSTACK_RENDERING === 'ssg';
    const common = { images: { unoptimized: ssg } };
    /** @type {import('next').NextConfig} */
    const config = { ...common, output: ssg ? 'export' : 'standalone', ...(ssg ? {} : { headers: async () => [{}] }),
      pageExtensions: ssg ? ['tsx'] : ['server.tsx', 'tsx'] };
    export default config;`;

  it('follows the variable of the mode', () => {
    expect(outputOf(ours)).toBe('export');
    expect(outputOf(ours, { AETHERSTACK_RENDERING: 'ssr' })).toBe('standalone');
    expect(read(ours)).toMatchObject({
      extensions: ['tsx'],
      rules: { headers: { is: 'none' } },
      loader: { is: 'none' },
    });
    expect(read(ours, { AETHERSTACK_RENDERING: 'ssr' })).toMatchObject({
      ...{ extensions: ['server.tsx', 'tsx'], rules: { headers: { is: 'some' } }, loader: { is: 'some' } },
    });
  });

  it.each([
    ['module.exports = { output: "export" };', 'export'],
    ['export default { output: "export" };', 'export'],
    ['export default (phase) => ({ output: "export" });', 'export'],
    ['export default async function config() { const output = "export"; return { output }; }', 'export'],
    [
      'import mdx from "@next/mdx"; const withMdx = mdx(); const config = { output: "export" }; export default withMdx(config);',
      'export',
    ],
    ['export default {};', undefined],
    ['export default { output: process.env.OTHER };', 'unknown'],
    ['const e = "exp"; export default { output: e + "ort" };', 'export'],
    ['let output = "export"; export default { output };', 'export'],
    ['let output = "export"; function set() { output = "standalone"; } set(); export default { output };', 'unknown'],
    ['import { config } from "./shared"; export default config;', 'unknown'],
    ['export default (phase) => { if (phase) return {}; return { output: "export" }; };', undefined],
    ['export default () => { if (process.env.X) return {}; return { output: "export" }; };', 'unknown'],
    [
      'import { PHASE_DEVELOPMENT_SERVER as DEV } from "next/constants"; export default (phase, { defaultConfig }) => { if (phase === DEV) return {}; return { ...defaultConfig, output: "export" }; };',
      'export',
    ],
  ])('%s', (text, expected) => expect(outputOf(text)).toBe(expected));

  it('is not read without end where names name each other', () => {
    const names = Array.from({ length: 40 }, (_, at) => `const a${at} = [a${at + 1}, a${at + 1}, a${at + 1}];`);
    expect(outputOf(`${names.join('\n')}\nconst a40 = a0;\nexport default { output: a0 };`)).toBe('list');
  });

  it('is not read without end where lists spread each other', () => {
    const names = Array.from({ length: 40 }, (_, at) => `const a${at + 1} = [...a${at}, ...a${at}];`);
    expect(outputOf(`const a0 = ['x'];\n${names.join('\n')}\nexport default { output: a40 };`)).toBe('unknown');
  });
});

describe('a list that others are spread into', () => {
  const SSG = "const ssg = process.env.AETHERSTACK_RENDERING === 'ssg'; const more = []; const two = ['ts', 'mdx'];\n";
  const extensions = (list: string) => {
    const { extensions, extensionsKnown } = read(`${SSG}export default { pageExtensions: ${list} };`);
    return extensionsKnown ? extensions : null;
  };

  it.each([
    ["[...(ssg ? ['static.tsx'] : ['server.tsx', 'server.ts']), 'tsx', 'ts']", ['static.tsx', 'tsx', 'ts']],
    ["['tsx', ...two, ...more]", ['tsx', 'ts', 'mdx']],
    ["[...(ssg ? [] : ['server.tsx']), ...[...two]]", ['ts', 'mdx']],
    ["['tsx', ...(process.env.OTHER ? [] : [])]", ['tsx']],
    ["['tsx', ...(process.env.OTHER ? ['a'] : ['b'])]", null],
    ["['tsx', ...(process.env.OTHER ? ['a'] : [])]", null],
    ["['tsx', ...fromElsewhere]", null],
    ["['tsx', ...'ts']", null],
  ])('has those of %s', (list, expected) => expect(extensions(list)).toEqual(expected));

  it.each([
    ['[...(ssg ? [] : [{ source: "/" }])]', 'none'],
    ['[...more]', 'none'],
    ['[...more, ...(process.env.OTHER ? [] : [{ source: "/" }])]', 'perhaps'],
    ['[...fromElsewhere]', 'perhaps'],
    ['[...(process.env.OTHER ? [{ source: "/a" }] : [{ source: "/" }])]', 'some'],
    ['[...fromElsewhere, { source: "/" }]', 'some'],
    ['[...(ssg ? [{ source: "/" }] : [])]', 'some'],
  ])('%s as the answer of headers() sets %s', (list, is) => {
    const { headers } = read(`${SSG}export default { async headers() { return ${list}; } };`).rules;
    expect(headers.is).toBe(is);
  });

  it('names the variable that decides', () => {
    const config = 'export default { redirects: () => [...(process.env.OTHER ? [{}] : [])] };';
    expect(read(config).rules.redirects).toMatchObject({ is: 'perhaps', env: ['OTHER'] });
  });
});

describe('what a config has that files have not', () => {
  const found = (config: string) =>
    testApp({ 'next.config.mjs': config, 'app/page.tsx': 'export default () => null;' }).found();

  it.each([
    // What decides is what the mode decides: nothing is in the way.
    [
      `const ssg = process.env.AETHERSTACK_RENDERING === 'ssg';
export default { output: 'export', async headers() { if (ssg) return []; return [{ source: '/' }]; }, redirects: () => (ssg ? [] : [{}]) };`,
      [],
    ],
    [
      "const c = {}; const { AETHERSTACK_RENDERING: m } = process.env;\nif (m === 'ssg') c.output = 'export'; else c.headers = () => [{}];\nexport default c;",
      [],
    ],
    [
      "import mdx from '@next/mdx'; const withMdx = mdx({ options: {} }); export default withMdx({ output: 'export' });",
      [],
    ],
    // What is set later, or by something that is not seen.
    [
      "const c = { output: 'export' };\nc.headers = async () => [{ source: '/' }];\nc.i18n = { locales: ['en'] };\nexport default c;",
      ['headers next.config.mjs:2', 'i18n next.config.mjs:3'],
    ],
    [
      "module.exports = { output: 'export' };\nmodule.exports.redirects = async () => RULES;",
      ['redirects next.config.mjs:2'],
    ],
    [
      "const c = { output: 'export' };\nif (process.env.CI) c.rewrites = async () => [{}];\nexport default c;",
      ['~rewrites_unknown next.config.mjs:2'],
    ],
    [
      "const c = { output: 'export' };\nfunction add() { c.headers = 1; }\nadd();\nexport default c;",
      ['~config_unknown next.config.mjs:1', '~output_unknown next.config.mjs:1'],
    ],
    [
      "const c = { output: 'export' };\nObject.assign(c, other);\nexport default c;",
      ['~config_unknown next.config.mjs:2', '~output_unknown next.config.mjs:1'],
    ],
    [
      "import base from './base';\nexport default { ...base, output: 'export' };",
      ['~config_unknown next.config.mjs:2'],
    ],
    [
      "import base from './base';\nexport default { output: 'export', ...base };",
      ['~config_unknown next.config.mjs:2', '~output_unknown next.config.mjs:2'],
    ],
    [
      "export default { output: 'export',\n...(process.env.CI ? { headers: () => [{}] } : {}) };",
      ['~headers_unknown next.config.mjs:2'],
    ],
    ["export default withSomething({ output: 'export' });", ['~config_unknown next.config.mjs:1']],
    [
      "export default (phase) => { if (isOdd(phase)) return { output: 'export' };\nreturn { output: 'export', rewrites: () => [{}] }; };",
      ['~rewrites_unknown next.config.mjs:2'],
    ],
    ["export { default } from './base';", ['~config_unknown next.config.mjs:1', '~output_unknown next.config.mjs:1']],
    ['export default {};', ['output_not_export next.config.mjs']],
    ["export default {\n  output: 'standalone',\n};", ['output_not_export next.config.mjs:2']],
    ["export default { output: 'export', redirects: async () => [] };", []],
    [
      "export default { output: 'export',\n  redirects: async () => [{ source: '/a' }] };",
      ['redirects next.config.mjs:2'],
    ],
    [
      "export default { output: 'export', async rewrites() { return { beforeFiles: [] }; } };",
      ['rewrites next.config.mjs:1'],
    ],
    ["export default { output: 'export', headers: RULES };", ['~headers_unknown next.config.mjs:1']],
    ["export default { output: 'export', i18n: { locales: ['en'] } };", ['i18n next.config.mjs:1']],
    [
      "export default { output: process.env.BUILD === 'x' ? 'export' : undefined };",
      ['~output_unknown next.config.mjs:1'],
    ],
  ])('%s', (config, expected) => expect(found(config)).toEqual(expected));

  it('names the variable that decides', () => {
    const { value } = read("export default { output: process.env.BUILD === 'x' ? 'export' : undefined };").output;
    expect(value).toEqual({ kind: 'unknown', env: ['BUILD'] });
  });
});
