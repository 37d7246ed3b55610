import type { BlueprintFile } from './generate';

const MADE = /^(?:#|\/\/) Made by AetherStack \(\S+ \d+\) for ([a-z0-9-]+)\./m;

const SEAL = /^(?:#|\/\/) aetherstack-digest: ([0-9a-f]{64})\n/m;
/** A seal stands in the first lines; further down it would be part of somebody's text. */
const HEAD_CHARACTERS = 600;

/** Files of these kinds have no comments, so their digests stand in the record alone. */
export function takesComments(path: string): boolean {
  return !path.endsWith('.json');
}

/** What begins a line of comment in a file of this kind. */
function comment(path: string): string {
  return path.endsWith('.mjs') ? '//' : '#';
}

/** Puts the two lines on top that say what made the file, and the digest of what it made. */
export async function seal(file: Omit<BlueprintFile, 'digest'>, component: string): Promise<BlueprintFile> {
  if (!takesComments(file.path)) return { ...file, digest: await sha256(file.text) };
  const [first, rest] = parts(file.text);
  const mark = comment(file.path);
  const made = `${mark} Made by AetherStack (${file.blueprint} ${file.version}) for ${component}. Edit it as you like: what is edited is shown before it is replaced.\n`;
  const digest = await sha256(first + made + rest);
  return { ...file, digest, text: `${first}${made}${mark} aetherstack-digest: ${digest}\n${rest}` };
}

/** A parser directive has to be the very first line of a Dockerfile, and so has what runs a script. */
function parts(text: string): [string, string] {
  const directive = /^(?:# (?:syntax|escape)=|#!).*\n/.exec(text)?.[0] ?? '';
  return [directive, text.slice(directive.length)];
}

/** `of`: the component that it was made for. */
export interface Seal {
  said: string;
  is: string;
  of: string | null;
}

/** The digest that a file says it was made with, and the digest of what it is now; null when it says none. */
export async function readSeal(text: string): Promise<Seal | null> {
  const unix = text.replaceAll('\r\n', '\n');
  const found = SEAL.exec(unix.slice(0, HEAD_CHARACTERS));
  if (!found?.[1]) return null;
  const is = await sha256(unix.slice(0, found.index) + unix.slice(found.index + found[0].length));
  return { said: found[1], is, of: MADE.exec(unix.slice(0, HEAD_CHARACTERS))?.[1] ?? null };
}

/** In hexadecimal, of the text as UTF-8. */
export async function sha256(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
