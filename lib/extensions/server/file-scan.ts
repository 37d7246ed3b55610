import { maskSecrets } from '@/lib/kernel/redact';
import type { Finding } from '../model/package';

/** Text that the pieces of a file share, so that nothing is cut in two. Characters. */
const OVERLAP = 4_096;

const SCRIPT = /\.(?:[cm]?[jt]sx?)$/i;
/** What no program runs by being named. Node runs a file of any other ending, or of none, as JavaScript. */
const DATA = /\.(?:json|md|txt|html?|css|svg|xml|ya?ml|map|csv|less|scss|vsixmanifest|tmlanguage)$/i;
/** What a gallery or an extension's author signs in with, beside what this console masks everywhere. */
const MORE_SECRETS = [
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----\s{0,4}(?:[A-Za-z0-9+/=]|\\n){16}/,
  /\b[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}\b/,
  /\bovsx(?:at|p)_[A-Za-z0-9-]{20,}/,
  /:_authToken\s*=\s*[A-Za-z0-9_-]{16,}/,
];
const SECRET_FILES =
  /(?:^|\/)(?:\.env(?:\.(?!example|sample|template)[\w-]+)?|\.npmrc|\.netrc|id_(?:rsa|dsa|ecdsa|ed25519)|[^/]+\.(?:pem|p12|pfx|jks|keystore)|\.git\/config|\.git-credentials)$/i;
/** Nine of them in a row carry text that no reader of the source sees. One behind an emoji is ordinary. */
const HIDDEN_RUN =
  /(?:[\u200B\u2060\u3164\uFFA0]|[\uFE00-\uFE0F]|[\u{E0000}-\u{E01EF}]|[\u{F0000}-\u{FFFFD}]|[\u{100000}-\u{10FFFD}]){9,}/u;
const DIRECTION = /[\u202A-\u202E\u2066-\u2069]/;

const finding = (code: string, level: Finding['level'], path: string, sentence: string): Finding => ({
  code,
  sentence,
  path,
  level,
});

/** What the path of a file says by itself. */
export function judgePath(path: string): Finding[] {
  if (SECRET_FILES.test(path))
    return [
      finding(
        'secret_file',
        'warn',
        path,
        'This file usually holds secrets. List it in .vscodeignore and publish anew.',
      ),
    ];
  if (/\.map$/i.test(path))
    return [
      finding(
        'source_map',
        'warn',
        path,
        'A source map gives the sources away. List *.map in .vscodeignore if they are not public.',
      ),
    ];
  return [];
}

const NUL_IN_SCRIPT =
  'This script has NUL bytes, which programs that look for bad code take for a picture. Write them as \\0.';

export interface FileScan {
  take(piece: Buffer): void;
  findings(): Finding[];
}

/**
 * Looks through the content of one file as it comes. A file that is not text is left alone, unless it is a script by its
 * name or because package.json starts it (`entry`): what is run is read to its end, whatever bytes are in it.
 */
export function scanFile(path: string, entry = false): FileScan {
  const script = entry || SCRIPT.test(path);
  const decoder = new TextDecoder('utf-8');
  const found = new Map<string, Finding>();
  const note = (one: Finding) => found.set(one.code, one);
  let rest = '';
  let text: boolean | null = script || null;
  return {
    take(piece) {
      text ??= !piece.subarray(0, 8_000).includes(0);
      if (!text) return;
      if (script && piece.includes(0)) note(finding('nul_in_script', 'refuse', path, NUL_IN_SCRIPT));
      const window = rest + decoder.decode(piece, { stream: true });
      judgeText(path, window, script || !DATA.test(path)).forEach(note);
      rest = window.slice(-OVERLAP);
    },
    findings: () => [...found.values()],
  };
}

function judgeText(path: string, text: string, runs: boolean): Finding[] {
  const found: Finding[] = [];
  if (maskSecrets(text) !== text || MORE_SECRETS.some((shape) => shape.test(text)))
    found.push(
      finding(
        'secret',
        'warn',
        path,
        'There is a secret in this file. Take it back where it was made, and publish a version without it.',
      ),
    );
  if (!runs) return found;
  if (HIDDEN_RUN.test(text))
    found.push(
      finding(
        'hidden_code',
        'refuse',
        path,
        'This file has a run of invisible characters, as malware hides its code in. Remove them.',
      ),
    );
  if (DIRECTION.test(text))
    found.push(
      finding(
        'direction_marks',
        'warn',
        path,
        'This file has marks that turn the direction of writing: what is read is not what runs.',
      ),
    );
  if (/\/\/[#@] sourceMappingURL=data:/.test(text))
    found.push(finding('source_map', 'warn', path, 'A source map inside this file gives the sources away.'));
  return found;
}
