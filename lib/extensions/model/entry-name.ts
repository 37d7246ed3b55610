import { PACKAGE_LIMITS } from './limits';

/** Why a path may not be in a package: a stable code and a sentence. */
export interface NameProblem {
  code: string;
  sentence: string;
}

const RESERVED = /^(?:con|prn|aux|nul|conin\$|conout\$|clock\$|com[\d¹²³]|lpt[\d¹²³])(?:\.|$)/i;
/** Escapes that some program between here and a disk may undo: dot, slash, backslash, NUL, percent, colon. */
const ESCAPED = /%(?:2e|2f|5c|00|25|3a)/i;
const INVISIBLE = /\p{Cc}|\p{Cf}|\p{Cs}|\p{Zl}|\p{Zp}|[\u{FE00}-\u{FE0F}]|[\u{E0100}-\u{E01EF}]/u;

const problem = (code: string, sentence: string): NameProblem => ({ code, sentence });

/** Judges a path of an entry, without the slash that ends a folder's. Null = it can be nothing but a file below here. */
export function judgeEntryName(name: string): NameProblem | null {
  if (name === '') return problem('name_empty', 'An entry has no name.');
  if (name.length > PACKAGE_LIMITS.path)
    return problem('name_too_long', `A path is longer than ${PACKAGE_LIMITS.path} characters.`);
  if (INVISIBLE.test(name)) return problem('name_invisible', 'A path has control or invisible characters.');
  if (name.includes('\\')) return problem('name_backslash', 'A path has a backslash, which is a folder on Windows.');
  if (name.startsWith('/')) return problem('name_absolute', 'A path begins at the root of the disk.');
  if (name.includes(':')) return problem('name_colon', 'A path has a colon: a drive, or a hidden stream of a file.');
  if (ESCAPED.test(name)) return problem('name_escaped', 'A path has escapes that hide a dot, a slash or a NUL.');
  return judgeLookalike(name) ?? judgeSegments(name.split('/'));
}

/** Full-width dots and slashes become real ones wherever somebody normalises. */
function judgeLookalike(name: string): NameProblem | null {
  const plain = name
    .normalize('NFKC')
    .replace(/[\u2044\u2215\u29F8]/g, '/')
    .replace(/[\u2216\u29F5\u29F9]/g, '\\');
  const marks = (text: string) => text.replace(/[^./\\:]/g, '').length;
  return marks(plain) === marks(name)
    ? null
    : problem('name_lookalike', 'A path has characters that look like a dot, a slash or a colon and are none.');
}

function judgeSegments(segments: string[]): NameProblem | null {
  for (const segment of segments) {
    if (segment === '' || segment === '.') return problem('name_folders', 'A path has an empty folder name.');
    if (/^\.{2,}$/.test(segment)) return problem('name_climbs', 'A path leads out of the package.');
    if (/[. ]$|^ /.test(segment))
      return problem('name_trimmed', 'A path has a name that ends with a dot or a space; Windows leaves these out.');
    if (RESERVED.test(segment)) return problem('name_reserved', 'A path has a name that is a device on Windows.');
    if (/[<>"|?*]/.test(segment)) return problem('name_windows', 'A path has a character that Windows does not allow.');
  }
  return null;
}

/** Two paths with the same key are one file on some disk. */
export function foldedName(name: string): string {
  return name.normalize('NFKC').toLowerCase().normalize('NFC');
}
