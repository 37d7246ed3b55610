import { deflateRawSync } from 'node:zlib';
import { packageJson, type SampleParts, sampleVsix, vsixManifest } from '@/lib/extensions/testing/sample-vsix';
import { BAD_ARCHIVES, type BadPackage, more, named, over } from './bad-archives';

const json = (text: string | Buffer) => () => sampleVsix({ packageJson: text });
const xml = (text: string) => () => sampleVsix({ vsixManifest: text });
const like = (parts: SampleParts) => () => sampleVsix(parts);
const script = (content: string) => () => more({ name: 'extension/out/more.js', content });

const DOCTYPE = (inside: string) =>
  `<?xml version="1.0"?><!DOCTYPE PackageManifest [${inside}]>${vsixManifest({}).replace(/^<\?xml[^>]*\?>/, '')}`;
const LAUGHS = Array.from({ length: 9 }, (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`).join('');
const KEY = ['-----BEGIN RSA PRIVATE', 'KEY-----\nMIIEpAIBAAKCAQEA7bq0\n'].join(' ');

const BOMBS: BadPackage[] = [
  {
    name: 'a thousand to one',
    code: 'ratio',
    make: () => more({ name: 'extension/bomb.js', content: Buffer.alloc(4_000_000) }),
  },
  {
    name: 'more than it says',
    code: 'size_lie',
    make: over(4, { data: deflateRawSync(Buffer.alloc(60_000, 'a')), size: 46 }),
  },
  { name: 'less than it says', code: 'size_lie', make: over(4, { size: 5_000 }) },
  { name: 'four gigabytes, it says', code: 'entry_too_large', make: over(4, { size: 0xfffffff0 }) },
  { name: '65 MB in one entry', code: 'entry_too_large', make: over(4, { size: 65 * 1_048_576 }) },
  { name: 'a checksum of something else', code: 'checksum', make: over(4, { crc32: 1 }) },
  {
    name: 'packed bytes that are none',
    code: 'content_broken',
    make: over(4, { data: Buffer.from([0xff, 0xff, 0xff]) }),
  },
  {
    name: 'something behind the packed bytes',
    code: 'data_between',
    make: over(4, { content: 'x', data: Buffer.concat([deflateRawSync(Buffer.from('x')), Buffer.from('hidden')]) }),
  },
];

const MANIFESTS: BadPackage[] = [
  { name: 'no package.json', code: 'manifest_missing', make: like({ without: ['extension/package.json'] }) },
  { name: 'no extension.vsixmanifest', code: 'manifest_missing', make: like({ without: ['extension.vsixmanifest'] }) },
  {
    name: 'a package.json of 1.2 MB',
    code: 'manifest_too_large',
    make: json(
      Buffer.from(JSON.stringify({ x: Array.from({ length: 150_000 }, (_, at) => at) }) + ' '.repeat(250_000)),
    ),
  },
  {
    name: 'a package.json that is nested',
    code: 'manifest_too_deep',
    make: json(`${'['.repeat(4_000)}${']'.repeat(4_000)}`),
  },
  { name: 'a package.json that is a list', code: 'manifest_not_json', make: json('[]') },
  { name: 'a package.json that is no JSON', code: 'manifest_not_json', make: json('{"name": demo}') },
  { name: 'a package.json that is no UTF-8', code: 'manifest_not_utf8', make: json(Buffer.from([0x7b, 0xff, 0x7d])) },
  {
    name: 'a package.json without an engine',
    code: 'manifest_incomplete',
    make: json(packageJson({ manifest: { engines: {} } })),
  },
  {
    name: 'another extension in the other manifest',
    code: 'two_identities',
    make: xml(vsixManifest({ name: 'other' })),
  },
  {
    name: 'another version in the other manifest',
    code: 'two_identities',
    make: xml(vsixManifest({ version: '1.0.1' })),
  },
  { name: 'a version that is a path', code: 'version_invalid', make: like({ version: '1.0.0/../../x' }) },
  { name: 'a version with a pre-release in it', code: 'version_invalid', make: like({ version: '1.0.0-beta.1' }) },
  { name: 'a version beyond what can be counted', code: 'version_invalid', make: like({ version: '1.0.9999999999' }) },
  { name: 'a publisher of look-alikes', code: 'publisher_invalid', make: like({ publisher: '\u0430cme' }) },
  { name: 'an extension that is a path', code: 'name_invalid', make: like({ name: '../demo' }) },
  { name: 'a platform that there is not', code: 'platform_unknown', make: like({ platform: 'plan9-mips' }) },
  {
    name: 'an entity that fetches',
    code: 'vsixmanifest_doctype',
    make: xml(DOCTYPE('<!ENTITY x SYSTEM "file:///etc/passwd">')),
  },
  { name: 'entities that multiply', code: 'vsixmanifest_doctype', make: xml(DOCTYPE(`<!ENTITY l0 "ha">${LAUGHS}`)) },
  {
    name: 'an entity that nobody declared',
    code: 'vsixmanifest_broken',
    make: xml(vsixManifest({}).replace('>Demo<', '>&evil;<')),
  },
  { name: 'a manifest in UTF-7', code: 'vsixmanifest_encoding', make: xml(vsixManifest({}).replace('utf-8', 'utf-7')) },
  {
    name: 'two identities in one manifest',
    code: 'vsixmanifest_identity',
    make: xml(vsixManifest({}).replace(/(<Identity[^>]*>)/, '$1$1')),
  },
  {
    name: 'a thousand elements in each other',
    code: 'vsixmanifest_too_large',
    make: xml('<a>'.repeat(1_000) + '</a>'.repeat(1_000)),
  },
  {
    name: 'an asset that is not there',
    code: 'asset_missing',
    make: xml(vsixManifest({}).replace('extension/package.json', 'extension/../../etc/passwd')),
  },
];

const CONTENTS: BadPackage[] = [
  {
    name: 'an SVG icon with a script',
    code: 'icon_not_png',
    make: () =>
      sampleVsix({
        manifest: { icon: 'icon.svg' },
        more: [
          {
            name: 'extension/icon.svg',
            content: '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
          },
        ],
      }),
  },
  {
    name: 'an SVG icon that is called PNG',
    code: 'icon_not_png',
    make: () =>
      sampleVsix({ manifest: { icon: 'icon.png' }, more: [{ name: 'extension/icon.png', content: '<svg/>' }] }),
  },
  {
    name: 'code in invisible characters',
    code: 'hidden_code',
    make: script(`run("${'\u{E0101}\u{E0145}'.repeat(40)}")`),
  },
  {
    name: 'code that reads otherwise',
    code: 'direction_marks',
    level: 'warn',
    make: script('/* \u202E } if (admin) { \u2066 */ run();'),
  },
  {
    name: 'a README with a script',
    code: 'active_page',
    level: 'warn',
    make: like({ readme: '# Hi <script>alert(1)</script>' }),
  },
  {
    name: 'a README that links to code',
    code: 'active_page',
    level: 'warn',
    make: like({ readme: '[x](javascript:alert(1)) ![](data:text/html;base64,x)' }),
  },
  {
    name: 'a README of 2.1 MB',
    code: 'readme_too_large',
    make: like({
      readme: Buffer.from(Array.from({ length: 200_000 }, (_, at) => `${(at * 7919) % 1_000_003} word`).join('\n')),
    }),
  },
  { name: 'a private key', code: 'secret', level: 'warn', make: script(`const key = \`${KEY}\`;`) },
  {
    name: 'a token of GitHub',
    code: 'secret',
    level: 'warn',
    make: script(`const token = '${'ghp' + '_'}${'a1B2'.repeat(9)}';`),
  },
  { name: 'a file for secrets', code: 'secret_file', level: 'warn', make: named('extension/.env') },
  { name: 'a source map', code: 'source_map', level: 'warn', make: named('extension/out/main.js.map') },
];

/** D4: packages of extensions. */
export const BAD_PACKAGES: readonly BadPackage[] = [...BAD_ARCHIVES, ...BOMBS, ...MANIFESTS, ...CONTENTS];
