import { buildZip, type EndLies, type EntrySpec, extraField } from '@/lib/extensions/testing/build-zip';
import { sampleEntries, sampleVsix } from '@/lib/extensions/testing/sample-vsix';

export interface BadPackage {
  name: string;
  /** Of the finding that it must have. */
  code: string;
  /** `warn`: it passes with it; everything else must not pass. */
  level?: 'warn';
  make: () => Buffer;
}

export const more = (...entries: EntrySpec[]) => sampleVsix({ more: entries });
export const named = (name: string | Buffer) => () => more({ name, content: 'x' });
export const over = (at: number, lies: Partial<EntrySpec>) => () =>
  buildZip(sampleEntries().map((entry, index) => (index === at ? { ...entry, ...lies } : entry)));
const end = (lies: EndLies) => () => sampleVsix({ end: lies });

function names(): BadPackage[] {
  const bad: [string, string, string | Buffer][] = [
    ['climbs out', 'name_climbs', '../evil.js'],
    ['climbs out from inside', 'name_climbs', 'extension/../../evil.js'],
    ['climbs out by backslashes', 'name_backslash', 'extension\\..\\..\\evil.js'],
    ['an absolute path', 'name_absolute', '/etc/passwd'],
    ['a drive', 'name_colon', 'C:/evil.js'],
    ['a share of Windows', 'name_absolute', '//server/share/evil.js'],
    ['a hidden stream of a file', 'name_colon', 'extension/readme.md:evil'],
    ['escaped dots', 'name_escaped', 'extension/%2e%2e/evil.js'],
    ['an escaped slash', 'name_escaped', 'extension/..%2fevil.js'],
    ['a trailing dot', 'name_trimmed', 'extension/evil.js.'],
    ['a trailing space', 'name_trimmed', 'extension/evil.js '],
    ['a NUL in it', 'name_invisible', 'extension/evil.js\0.md'],
    ['a folder that is one dot', 'name_folders', 'extension/./evil.js'],
    ['an empty folder name', 'name_folders', 'extension//evil.js'],
    ['a device of Windows', 'name_reserved', 'extension/aux.js'],
    ['a direction mark', 'name_invisible', 'extension/gpj.\u202Esj'],
    ['full-width dots', 'name_lookalike', 'extension/\uFF0E\uFF0E/evil.js'],
    ['a full-width slash', 'name_lookalike', 'extension\uFF0F..\uFF0Fevil.js'],
    ['bytes that are no UTF-8', 'name_encoding', Buffer.from([0x65, 0xc3, 0x28])],
    ['five hundred characters', 'name_too_long', `extension/${'a'.repeat(500)}`],
    ['nothing at all', 'name_empty', ''],
  ];
  return bad.map(([name, code, path]) => ({ name: `a path with ${name}`, code, make: named(path) }));
}

const ENTRIES: BadPackage[] = [
  {
    name: 'a symbolic link',
    code: 'symlink',
    make: () => more({ name: 'extension/l', content: '/etc', mode: 0o120777 }),
  },
  { name: 'a link, made on Windows', code: 'symlink', make: () => more({ name: 'extension/l', attributes: 0x420 }) },
  { name: 'a device', code: 'special_file', make: () => more({ name: 'extension/d', mode: 0o060644 }) },
  { name: 'a pipe', code: 'special_file', make: () => more({ name: 'extension/p', mode: 0o010644 }) },
  {
    name: 'a program that runs as its owner',
    code: 'special_mode',
    make: () => more({ name: 'extension/s', mode: 0o104755 }),
  },
  {
    name: 'a hard link in a field',
    code: 'extra_field',
    make: () => more({ name: 'extension/h', extra: extraField(0x000d, Buffer.alloc(16)) }),
  },
  {
    name: 'another name in a field',
    code: 'extra_field',
    make: () => more({ name: 'extension/u', extra: extraField(0x7075, Buffer.from('\u0001....extension/evil.js')) }),
  },
  {
    name: 'another name in the field in front only',
    code: 'extra_field',
    make: () => more({ name: 'extension/u', local: { extra: extraField(0x7075, Buffer.alloc(9)) } }),
  },
  {
    name: 'a field that is cut off',
    code: 'directory_broken',
    make: () => more({ name: 'extension/u', extra: Buffer.from([0x55, 0x54, 9, 0]) }),
  },
  { name: 'a path twice', code: 'name_twice', make: named('extension/package.json') },
  { name: 'a path twice, by capitals', code: 'name_twice_folded', make: named('extension/PACKAGE.json') },
  {
    name: 'a path twice, by composition',
    code: 'name_twice_folded',
    make: () => more({ name: 'extension/\u00e9' }, { name: 'extension/e\u0301' }),
  },
  { name: 'a path that is a file and a folder', code: 'file_and_folder', make: named('extension/readme.md/evil.js') },
  { name: 'a folder with content', code: 'folder_with_content', make: named('extension/folder/') },
  {
    name: 'an entry with a comment',
    code: 'entry_comment',
    make: () => more({ name: 'extension/c', comment: 'hello' }),
  },
  { name: 'an encrypted entry', code: 'encrypted', make: over(4, { flags: 0x0801 }) },
  { name: 'a strongly encrypted entry', code: 'directory_broken', make: over(4, { flags: 0x0841 }) },
  { name: 'method 99', code: 'method_unknown', make: over(4, { method: 99 }) },
  { name: 'method 14, LZMA', code: 'method_unknown', make: over(4, { method: 14 }) },
  { name: 'a patch instead of a file', code: 'flags_unknown', make: over(4, { flags: 0x0820 }) },
];

const HEADERS: BadPackage[] = [
  { name: 'another name in front', code: 'two_headers', make: over(4, { local: { name: 'extension/out/evil.js' } }) },
  { name: 'another size in front', code: 'two_headers', make: over(4, { local: { size: 9 } }) },
  { name: 'another method in front', code: 'two_headers', make: over(4, { local: { method: 0 } }) },
  { name: 'other flags in front', code: 'two_headers', make: over(4, { local: { flags: 0 } }) },
  { name: 'a size behind that is a lie', code: 'size_lie', make: over(4, { behind: 'signed', size: 4 }) },
  { name: 'two entries on the same bytes', code: 'overlap', make: over(4, { at: 0, name: 'extension/two.js' }) },
  { name: 'an offset beyond the end', code: 'data_between', make: over(4, { at: 0x7fffffff }) },
  { name: 'something in front', code: 'data_before', make: end({ before: Buffer.from('#!/bin/sh\n') }) },
  {
    name: 'something between two files',
    code: 'data_between',
    make: () => more({ name: 'extension/g', gap: Buffer.from('hidden') }),
  },
  { name: 'something in front of the list', code: 'data_between', make: end({ gap: Buffer.from('hidden') }) },
  { name: 'something behind', code: 'data_after', make: end({ after: Buffer.from('hidden') }) },
  { name: 'a comment at the end', code: 'data_after', make: end({ comment: 'hello' }) },
  {
    name: 'two ends',
    code: 'data_after',
    make: () => Buffer.concat([sampleVsix(), Buffer.from('PK\u0005\u0006'), Buffer.alloc(18)]).subarray(0, -2),
  },
  {
    name: 'an archive in the comment of another',
    code: 'directory_place',
    make: () => Buffer.concat([sampleVsix(), sampleVsix({ version: '6.6.6' })]),
  },
  { name: 'cut off in the middle', code: 'truncated', make: () => sampleVsix().subarray(0, 600) },
  { name: 'cut off by one byte', code: 'data_after', make: () => sampleVsix().subarray(0, -1) },
  { name: 'not an archive', code: 'not_a_zip', make: () => Buffer.from('<html>not found</html>'.repeat(9)) },
  { name: 'no bytes', code: 'not_a_zip', make: () => Buffer.alloc(0) },
  { name: 'nothing in it', code: 'empty', make: () => buildZip([]) },
  { name: 'more entries than it has', code: 'directory_size', make: end({ entries: 900 }) },
  { name: 'fewer entries than it has', code: 'directory_size', make: end({ entries: 4 }) },
  { name: 'several disks', code: 'several_disks', make: end({ disk: 1 }) },
  { name: '65,535 entries, which is ZIP64', code: 'zip64', make: end({ entries: 0xffff }) },
  {
    name: 'a ZIP64 locator',
    code: 'zip64',
    make: end({ beforeEnd: Buffer.concat([Buffer.from('PK\u0006\u0007', 'latin1'), Buffer.alloc(16)]) }),
  },
  {
    name: 'a ZIP64 field',
    code: 'zip64',
    make: () => more({ name: 'extension/z', extra: extraField(1, Buffer.alloc(16)) }),
  },
  { name: '20,001 entries', code: 'too_many_entries', make: end({ entries: 20_001 }) },
];

/** What is wrong with the archive itself. */
export const BAD_ARCHIVES: readonly BadPackage[] = [...names(), ...ENTRIES, ...HEADERS];
