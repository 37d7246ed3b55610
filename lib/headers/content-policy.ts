import { createHash } from 'node:crypto';
import { THEME_SCRIPT } from './theme-script';

/** As a policy names a piece of inline text: https://www.w3.org/TR/CSP3/#grammardef-hash-source */
export function hashSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;
}

/**
 * The style element that the toast library inserts by itself; it knows no nonce. content-policy.test.ts compares this
 * with the library's text, so that an update cannot pass unnoticed.
 */
export const TOAST_STYLE = "'sha256-StEaX+se6YS7pqjzrzMIA0KaX9zF/8zAhvQXZAe5epY='";

/** It puts the element in before the text, and a browser asks about both. */
const STYLES = `${TOAST_STYLE} ${hashSource('')}`;

/**
 * What React gives to a piece of a drawing that it sends later than the rest, until it is in its place: the only style
 * attribute there is. An attribute's hash counts with 'unsafe-hashes' alone: https://www.w3.org/TR/CSP3/#unsafe-hashes-usage
 */
const PIECE_SENT_LATER = `style-src-attr 'unsafe-hashes' ${hashSource('display:none')}`;

const THEME = hashSource(THEME_SCRIPT);

/** The same for every page: everything that is not named is forbidden. */
const ALWAYS = [
  "default-src 'none'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "object-src 'none'",
  "frame-ancestors 'none'",
];

/** For pages that are made for one request: scripts and styles that carry this request's nonce, and what those load. */
export function noncePolicy(nonce: string, development = false): string {
  // The dev server rebuilds stack traces with eval and swaps styles in place.
  const scripts = development ? " 'unsafe-eval'" : '';
  const styles = development ? "'self' 'unsafe-inline'" : `'self' 'nonce-${nonce}' ${STYLES}`;
  return [
    ...ALWAYS,
    `script-src 'nonce-${nonce}' ${THEME} 'strict-dynamic'${scripts}`,
    `style-src ${styles}`,
    ...(development ? [] : [PIECE_SENT_LATER]),
  ].join('; ');
}

/** For pages that were made once, at build time: our own files, and exactly the inline scripts that the build wrote. */
export function staticPolicy(inlineScripts: readonly string[]): string {
  const hashes = [...new Set([THEME, ...inlineScripts.map(hashSource)])].join(' ');
  return [...ALWAYS, `script-src 'self' ${hashes}`, `style-src 'self' ${STYLES}`].join('; ');
}

/**
 * For pages that a file server serves: in the page itself, where headers cannot be set. `frame-ancestors` counts in headers
 * only. `connect`: origins from which the page fetches, beside its own.
 */
export function filePolicy(inlineScripts: readonly string[], connect: readonly string[]): string {
  return staticPolicy(inlineScripts)
    .split('; ')
    .filter((directive) => !directive.startsWith('frame-ancestors '))
    .map((directive) => (directive === "connect-src 'self'" ? [directive, ...connect].join(' ') : directive))
    .join('; ');
}

/** The texts of the inline scripts of a page that the build wrote. */
export function inlineScriptsOf(html: string): string[] {
  const found = html.matchAll(/<script((?:\s[^>]*)?)>([\s\S]*?)<\/script>/g);
  return [...found].filter(([, attributes]) => !/\ssrc=/.test(attributes ?? '')).map(([, , text]) => text ?? '');
}

/** Reported in the browser's console, not enforced: the framework still makes scripts from text. */
export const TRUSTED_TYPES = "require-trusted-types-for 'script'";
