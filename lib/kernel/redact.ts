import { withoutKnownSecrets } from './known-secrets';

const MASK = '[redacted]';
const MAX_DEPTH = 8;
const MAX_ITEMS = 200;
const MAX_TEXT = 4_000;

/** Shapes that nothing but a secret has. Linear-time: no nested quantifiers. */
const UNMISTAKABLE: readonly RegExp[] = [
  /\b(?:gh[oprsu]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{20,})/g,
  /\b(?:glpat-|npm_|sk-|xox[abprs]-|hf_)[A-Za-z0-9_-]{16,}/g,
  /\bAKIA[0-9A-Z]{16}\b/g,
  // What a cloud makes for an hour from an account's key.
  /\bya29\.[A-Za-z0-9._-]{20,}/g,
  // Of a platform that apps run on.
  /\bHRKU-[A-Za-z0-9_-]{16,}/g,
  // Tokens of galleries: of the Marketplace, with its fixed signature, and of Open VSX.
  /\b[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}\b/g,
  /\bovsx[a-z]{1,3}_[A-Za-z0-9_-]{16,}/g,
  // Of whoever measures and watches.
  /\b(?:sntry[a-z]_|ddpat_|ddsat_|ddapp?_|glsa_|glc_)[A-Za-z0-9+/=_-]{16,}/g,
  // Our own: tokens of the API and of the gallery, which stand in paths as well; signing secrets.
  /\bae[sg]_[A-Za-z0-9_-]{16,}/g,
  /\bwhsec_[A-Za-z0-9+/_-]{16,}={0,2}/g,
  // Whoever knows the address of a chat's hook may write there.
  /\bhooks\.[a-z0-9.-]{1,100}\/(?:services|workflows|triggers)\/[A-Za-z0-9_/-]{16,}/gi,
];
/** The same behind a new line that stands as `\\n` in JSON: that ends in a letter, so no word begins there. */
const ESCAPED = UNMISTAKABLE.map(({ source, flags }) => new RegExp(source.replace(/^\\b/, '(?<=\\\\[nrt])'), flags));

/**
 * Session ids and one-time tokens have no looks but their length, 32 random bytes in base64url, and their changes to a
 * capital, which words, joined by hyphens or not, have less often.
 */
const UNPREFIXED = /(?<![\w-])(?=[\w-]{0,42}\d)(?=(?:[\w-]{0,40}?[a-z\d][A-Z]){4})[\w-]{43}(?![\w-])/g;

/** And those that are one in our own logs and answers, where nobody writes about anything that looks like it. */
const SHAPES: readonly RegExp[] = [
  ...UNMISTAKABLE,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY-----)?/g,
  /\b(?:bearer|basic|token) +[A-Za-z0-9._~+/=-]{12,}/gi,
  /\bv1\.[A-Za-z0-9_-]{1,64}(?:\.[A-Za-z0-9_=-]{8,}){4}/g,
  // Our own: one-time links, the session's cookie (sealed: its second part is empty).
  /(?<=\/(?:join|setup)(?:#|%23))[A-Za-z0-9_-]{16,}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,2}/g,
  UNPREFIXED,
  // `scheme://user:password@host` keeps the scheme and the host.
  /(?<=\b[a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@:]{0,200}:[^\s/@]{1,500}(?=@)/gi,
];

/** The query builder's errors carry every value of the statement: password hashes, inputs, names. The statement will do. */
const QUERY_VALUES = /(\bFailed query:[\s\S]*?\n\s*params:)[\s\S]*/;

const SECRET_WORDS = new Set([
  'token',
  'tokens',
  'password',
  'passwd',
  'passphrase',
  'secret',
  'secrets',
  'authorization',
  'cookie',
  'credential',
  'pat',
  'kek',
  'dek',
]);
/** `credentialKind` and `tokenCount` describe a secret; they are not one. */
const HARMLESS_ENDINGS = new Set(['kind', 'state', 'count', 'last4', 'name', 'problem', 'changed', 'expires']);

function words(key: string): string[] {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
}

/** True when a field of this name may hold a secret. */
export function isSecretKey(key: string): boolean {
  const parts = words(key);
  const last = parts.at(-1);
  if (last !== undefined && HARMLESS_ENDINGS.has(last)) return false;
  if (parts.some((part) => SECRET_WORDS.has(part))) return true;
  return /(?:private|api|access|signing|encryption) key$/.test(parts.join(' '));
}

/** True when `redactText` knows this whole text for a secret without a prefix. Of 32 random bytes in base64url, 999 in 1,000 are. */
export function looksSecret(text: string): boolean {
  return text.replace(UNPREFIXED, '') === '';
}

/**
 * What a shape finds in the text as it came, and what it finds where the shapes before it have been: whatever begins inside of
 * another, as in `aes_…-hf_…` or `token x=-----BEGIN …`, takes nothing from that. What touches is one.
 */
function masked(text: string, shapes: readonly RegExp[]): string {
  const hidden = new Uint8Array(text.length);
  let rest = text;
  for (const shape of /\\[nrt]/.test(text) ? [...shapes, ...ESCAPED] : shapes) {
    const hide = (all: string, from: number) => {
      hidden.fill(1, from, from + all.length);
      return '\0'.repeat(all.length);
    };
    if (rest !== text) text.replace(shape, hide);
    rest = rest.replace(shape, hide);
  }
  if (rest === text) return text;
  let out = '';
  for (let from = 0; from < text.length; ) {
    const [begins, ends] = [placeOf(1, hidden, from), placeOf(0, hidden, placeOf(1, hidden, from))];
    out += text.slice(from, begins) + (begins < text.length ? MASK : '');
    from = ends;
  }
  return out;
}

function placeOf(value: 0 | 1, hidden: Uint8Array, from: number): number {
  const at = hidden.indexOf(value, from);
  return at < 0 ? hidden.length : at;
}

/** Masks secrets in use and known secret shapes inside a text and shortens it to 4,000 characters. */
export function redactText(text: string): string {
  // Cutting first could leave half a secret that no shape recognises, so cut well after the limit, mask, cut again.
  let out = (text.length > MAX_TEXT * 4 ? text.slice(0, MAX_TEXT * 4) : text).replace(QUERY_VALUES, `$1 ${MASK}`);
  out = withoutKnownSecrets(out, MASK);
  out = masked(out, SHAPES);
  return out.length > MAX_TEXT ? `${out.slice(0, MAX_TEXT)}…` : out;
}

/** For text of others that people read whole, such as the log of a run: only what is certainly a secret is masked. */
export function maskSecrets(text: string): string {
  return masked(withoutKnownSecrets(text, MASK), UNMISTAKABLE);
}

function redactObject(value: object, depth: number, seen: Set<object>): unknown {
  if (seen.has(value)) return '[circular]';
  if (depth >= MAX_DEPTH) return '[too deep]';
  seen.add(value);
  try {
    if (value instanceof Error) return { name: value.name, message: redactText(value.message) };
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
    if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`;
    if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => redactValue(item, depth + 1, seen));
    if ('toJSON' in value && typeof value.toJSON === 'function') return redactValue(value.toJSON(), depth + 1, seen);
    const out: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(value).slice(0, MAX_ITEMS)) {
      if (key === '__proto__') continue;
      out[redactText(key)] =
        isSecretKey(key) && item !== null && typeof item !== 'boolean' ? MASK : redactValue(item, depth + 1, seen);
    }
    return out;
  } finally {
    seen.delete(value);
  }
}

function redactValue(value: unknown, depth: number, seen: Set<object>): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'object') return redactObject(value, depth, seen);
  return undefined;
}

/** A copy that is safe to log, audit and serialise: secrets masked, depth and size bounded, never throws on cycles. */
export function redact(value: unknown): unknown {
  return redactValue(value, 0, new Set());
}
