import { buildZip, type EndLies, type EntrySpec, extraField } from '@/lib/extensions/testing/build-zip';
import { packageJson, sampleEntries, vsixManifest } from '@/lib/extensions/testing/sample-vsix';

/** Small, fast and the same everywhere: https://en.wikipedia.org/wiki/Xorshift */
export function dice(seed: number): (below: number) => number {
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % below;
  };
}

type Roll = ReturnType<typeof dice>;
const pick = <T>(roll: Roll, from: readonly T[]): T => from[roll(from.length)] as T;
const number = (roll: Roll) => pick(roll, [0, 1, 7, 255, 0x7fff, 0xffff, 0x7fffffff, 0xffffffff, roll(100_000)]);

const BITS = [
  '..',
  '.',
  'a',
  'extension',
  'package.json',
  'readme.md',
  'AUX',
  'x ',
  'y.',
  '\u202E',
  '\0',
  '%2e',
  '\uFF0E',
  'C:',
  '\u00e9',
  'e\u0301',
  '',
];
const path = (roll: Roll) =>
  Array.from({ length: 1 + roll(4) }, () => pick(roll, BITS)).join(pick(roll, ['/', '/', '\\', '//']));

/** What is changed, and whether the archive may pass all the same. */
interface Draft {
  entries: EntrySpec[];
  end: EndLies;
  /** It must not pass, whatever else is done to it. */
  harmful: boolean;
}
type Change = (draft: Draft, roll: Roll) => void;

const onOne =
  (change: (entry: EntrySpec, roll: Roll, draft: Draft) => void): Change =>
  (draft, roll) => {
    const entry = draft.entries[roll(draft.entries.length)];
    if (entry) change(entry, roll, draft);
  };

const HEADER = ['flags', 'method', 'needs', 'crc32', 'packed', 'size'] as const;

const CHANGES: readonly Change[] = [
  (draft, roll) => draft.entries.push({ name: path(roll), content: 'x'.repeat(roll(300)) }),
  (draft, roll) => draft.entries.push({ name: `extension/f${roll(9)}.js`, content: `${roll(1e6)}` }),
  (draft, roll) => draft.entries.push({ name: `extension/d${roll(9)}/`, content: pick(roll, ['', 'x']) }),
  (draft, roll) => draft.entries.splice(roll(draft.entries.length), 1),
  (draft, roll) => draft.entries.reverse().splice(roll(3), 0, { name: 'extension/z', content: 'z' }),
  (draft) => {
    draft.entries.push({ name: 'extension/link', content: '/etc/passwd', mode: 0o120777 });
    draft.harmful = true;
  },
  (draft) => {
    draft.entries.push({ name: '../../up.js', content: 'x' });
    draft.harmful = true;
  },
  (draft) => {
    draft.entries.push({ name: 'Extension/Package.JSON', content: '{}' });
    draft.harmful = true;
  },
  onOne((entry, roll) => Object.assign(entry, { [pick(roll, HEADER)]: number(roll) })),
  onOne((entry, roll) => Object.assign(entry, { local: { [pick(roll, HEADER)]: number(roll) } })),
  onOne((entry, _roll, draft) => {
    entry.local = { name: 'extension/other.js' };
    draft.harmful = true;
  }),
  onOne((entry, roll) => Object.assign(entry, { behind: pick(roll, ['signed', 'plain'] as const) })),
  onOne((entry, roll) => Object.assign(entry, { attributes: number(roll), madeBy: number(roll) & 0xffff })),
  onOne((entry, roll) =>
    Object.assign(entry, {
      extra: extraField(pick(roll, [1, 0x5455, 0x7075, 0x000d, roll(65_536)]), Buffer.alloc(roll(40))),
    }),
  ),
  onOne((entry, roll) => Object.assign(entry, { at: number(roll) })),
  onOne((entry, roll, draft) => {
    entry.gap = Buffer.alloc(1 + roll(50), 'g');
    draft.harmful = true;
  }),
  onOne((entry, roll) => Object.assign(entry, { name: path(roll) })),
  onOne((entry, roll) => Object.assign(entry, { content: Buffer.alloc(roll(60_000), roll(256)) })),
  ({ end }, roll) =>
    Object.assign(end, { [pick(roll, ['entries', 'here', 'disk', 'size', 'at'] as const)]: number(roll) }),
  (draft, roll) => {
    Object.assign(draft.end, {
      [pick(roll, ['before', 'after', 'gap', 'beforeEnd'] as const)]: Buffer.alloc(1 + roll(80), 'h'),
    });
    draft.harmful = true;
  },
  ({ entries }, roll) => {
    const content = packageJson({
      manifest: {
        version: pick(roll, ['1.0.0', '1', '1.0.0-a', '../1', null]),
        [pick(roll, ['publisher', 'name', 'engines', 'contributes', 'activationEvents', '__proto__'])]: pick(roll, [
          null,
          [],
          {},
          'acme',
          { vscode: '*' },
          1e99,
        ]),
      },
    });
    entries.splice(0, entries.length, ...sampleEntries({ packageJson: content }));
  },
  ({ entries }, roll) => {
    const xml = vsixManifest({});
    const at = roll(xml.length);
    const cut =
      xml.slice(0, at) +
      pick(roll, ['<', '&x;', '<!DOCTYPE a>', '"', '\0', ']]>', '<!--', '']) +
      xml.slice(at + roll(20));
    entries.splice(0, entries.length, ...sampleEntries({ vsixManifest: cut }));
  },
];

export interface GeneratedPackage {
  bytes: Buffer;
  harmful: boolean;
}

/** A package with one to four things wrong in its structure, and sometimes a few bytes of it changed or cut. */
export function generatePackage(seed: number): GeneratedPackage {
  const roll = dice(seed);
  const draft: Draft = { entries: sampleEntries(), end: {}, harmful: false };
  for (let left = 1 + roll(4); left > 0; left--) pick(roll, CHANGES)(draft, roll);
  // A change that came later may have taken an earlier one's entry away again.
  const still = draft.entries.some(
    ({ mode, attributes, name, gap, local }) =>
      (mode === 0o120777 && attributes === undefined) ||
      name === '../../up.js' ||
      name === 'Extension/Package.JSON' ||
      gap ||
      local?.name,
  );
  const around = ['before', 'after', 'gap', 'beforeEnd'].some((key) => key in draft.end);
  let bytes = buildZip(draft.entries, draft.end);
  const harmful = draft.harmful && (still || around);
  const raw = roll(10);
  if (raw === 0) bytes = bytes.subarray(0, roll(bytes.byteLength));
  if (raw === 1)
    for (let left = 1 + roll(8); left > 0 && bytes.byteLength > 0; left--) bytes[roll(bytes.byteLength)] = roll(256);
  return { bytes, harmful: harmful && raw > 1 };
}
