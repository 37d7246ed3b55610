import 'server-only';
import { X509Certificate } from 'node:crypto';
import { ServiceError } from '@/lib/kernel/errors';
import type { AnyProvider } from '@/lib/providers/port';
import { type AuthorityView, MAX_AUTHORITIES } from '../model/authority';
import { bindingOf, type ConnectionRow } from './rows';
import { type KeyRing, seal, unsealText } from './vault';

export interface ReadAuthorities {
  /** The certificates and nothing else of what was pasted. PEM. */
  pem: string;
  facts: AuthorityView[];
}

const BLOCK = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;
const HOW =
  'Paste the authority’s certificate whole, with its BEGIN CERTIFICATE and END CERTIFICATE lines; several below each other, or all of it in base64.';

function refuse(sentence: string): never {
  throw new ServiceError('invalid', 'authorities_refused', sentence, { authorities: sentence });
}

/**
 * What a person pasted: PEM, or base64 of it as files for tools have it. What stands between certificates is dropped.
 * `now` in epoch milliseconds. Throws `ServiceError` `authorities_refused`, whose sentence repeats names and dates only.
 */
export function readAuthorities(text: string, now: number): ReadAuthorities {
  const pem = decoded(text);
  if (/PRIVATE KEY-----/.test(pem))
    refuse('There is a private key in it. Leave that where it was made, and paste the authority’s certificate only.');
  const blocks = pem.match(BLOCK) ?? [];
  if (blocks.length === 0) refuse(HOW);
  if (blocks.length !== pem.split('-----BEGIN ').length - 1) refuse(`Not all of it is a certificate. ${HOW}`);
  if (blocks.length > MAX_AUTHORITIES)
    refuse(`At most ${MAX_AUTHORITIES} certificates. Paste only those that sign for this server.`);
  const parsed = blocks.map((block, at) => parse(block, `${at + 1} of ${blocks.length}`));
  const once = [...new Map(parsed.map((each) => [each.fingerprint256, each])).values()];
  const over = once.filter((each) => Date.parse(each.validTo) <= now).map(factsOf);
  if (over.length > 0) refuse(overSentence(over));
  const early = once.filter((each) => Date.parse(each.validFrom) > now).map(factsOf);
  if (early.length === once.length) refuse(earlySentence(early));
  return { pem: once.map((each) => each.toString()).join(''), facts: once.map(factsOf) };
}

/** Columns of a connection: sealed so that nobody else can write them, and what is shown of them. */
export function authorityColumns(
  keys: KeyRing,
  row: Pick<ConnectionRow, 'id' | 'providerId' | 'origin'>,
  read: ReadAuthorities | null,
) {
  if (!read) return { sealedAuthorities: null, authorities: null };
  return { sealedAuthorities: seal(keys, read.pem, bindingOf(row, 'authorities')), authorities: read.facts };
}

/** PEM; null: the usual authorities count. Throws `ServiceError` when it was changed or moved. */
export function openAuthorities(keys: KeyRing, row: ConnectionRow): string | null {
  return row.sealedAuthorities && unsealText(keys, row.sealedAuthorities, bindingOf(row, 'authorities'));
}

/** Throws `ServiceError` where the provider is no server that people run themselves. */
export function requireOwnServer({ manifest }: AnyProvider): void {
  if (manifest.ownServer) return;
  const sentence = `${manifest.label} is reached at its own public address only. Leave the certificate authority empty.`;
  throw new ServiceError('invalid', 'authorities_unsupported', sentence, { authorities: sentence });
}

function decoded(text: string): string {
  const bare = text.replace(/\s+/g, '');
  return /^[A-Za-z0-9+/]+={0,2}$/.test(bare) ? Buffer.from(bare, 'base64').toString('latin1') : text;
}

function parse(block: string, place: string): X509Certificate {
  try {
    return new X509Certificate(block);
  } catch {
    return refuse(`Certificate ${place} cannot be read. Paste it whole, as it was given to you.`);
  }
}

function factsOf(certificate: X509Certificate): AuthorityView {
  return {
    subject: subjectOf(certificate.subject ?? ''),
    validFrom: new Date(certificate.validFrom).toISOString(),
    expiresAt: new Date(certificate.validTo).toISOString(),
    fingerprint: certificate.fingerprint256,
  };
}

/** One attribute a line, as Node writes a distinguished name. */
function subjectOf(name: string): string {
  const found = ['CN', 'OU', 'O'].map((key) => name.match(new RegExp(`^${key}=(.+)$`, 'm'))?.[1]);
  const chosen = found.find((each) => each !== undefined) ?? name;
  const line = chosen.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
  return line === '' ? 'A certificate without a name' : line.slice(0, 80);
}

/** The next one beside today's is what people enter in good time; alone it would end every request until then. */
function earlySentence(early: readonly AuthorityView[]): string {
  const named = early.slice(0, 3).map(({ subject, validFrom = '' }) => `“${subject}” from ${validFrom.slice(0, 10)}`);
  const more = early.length > 3 ? ` and ${early.length - 3} more` : '';
  return `Nothing here is valid yet: ${named.join(', ')}${more}. Paste what is valid now, too.`;
}

function overSentence(over: readonly AuthorityView[]): string {
  const named = over.slice(0, 3).map(({ subject, expiresAt }) => `“${subject}” expired on ${expiresAt.slice(0, 10)}`);
  const more = over.length > 3 ? `, and ${over.length - 3} more have expired` : '';
  return `${named.join(', ')}${more}. Leave out what has expired, and paste what is valid now.`;
}
