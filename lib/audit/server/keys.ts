import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { headText, type SignedHead } from '../model/head';

interface AuditKey {
  id: string;
  key: Buffer;
}

/** The key that signs heads, and older ones whose signatures still count. */
export interface AuditKeys {
  current: AuditKey;
  previous: AuditKey[];
}

function named(key: Buffer): AuditKey {
  return { id: createHash('sha256').update('aetherstack/audit-key/v1').update(key).digest('hex').slice(0, 12), key };
}

/** An installation that names no key of its own signs with one derived from the key that seals its credentials. */
export function deriveAuditKey(kek: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', kek, '', 'aetherstack/audit-head/v1', 32));
}

export function createAuditKeys(current: Buffer, previous: readonly Buffer[] = []): AuditKeys {
  return { current: named(current), previous: previous.map(named) };
}

/** The variables that decide; see lib/env/server.ts. */
export interface AuditKeyEnv {
  AETHERSTACK_KEK: Buffer;
  AETHERSTACK_KEK_PREVIOUS?: Buffer | undefined;
  AETHERSTACK_AUDIT_KEY?: Buffer | undefined;
  AETHERSTACK_AUDIT_KEY_PREVIOUS?: Buffer | undefined;
}

/** Derived keys stay among the previous ones, so that naming a key of one's own does not void what was signed before. */
export function auditKeysOf(env: AuditKeyEnv): AuditKeys {
  const derived = [env.AETHERSTACK_KEK, env.AETHERSTACK_KEK_PREVIOUS].filter((key) => key !== undefined);
  const own = [env.AETHERSTACK_AUDIT_KEY, env.AETHERSTACK_AUDIT_KEY_PREVIOUS].filter((key) => key !== undefined);
  const [current, ...previous] = [...own, ...derived.map(deriveAuditKey)];
  if (!current) throw new Error('An installation has a key.');
  return createAuditKeys(current, previous);
}

function mac(key: Buffer, head: Omit<SignedHead, 'signature'>): Buffer {
  return createHmac('sha256', key).update(headText(head)).digest();
}

export function sign(keys: AuditKeys, head: Omit<SignedHead, 'signature' | 'keyId'>): SignedHead {
  const named = { ...head, keyId: keys.current.id };
  return { ...named, signature: mac(keys.current.key, named).toString('hex') };
}

/** `unknown`: signed, or said to be, with a key that is not among ours. */
export function checkSignature(keys: AuditKeys, head: SignedHead): 'valid' | 'invalid' | 'unknown' {
  const key = [keys.current, ...keys.previous].find((each) => each.id === head.keyId);
  if (!key) return 'unknown';
  const [given, wanted] = [Buffer.from(head.signature, 'hex'), mac(key.key, head)];
  return given.byteLength === wanted.byteLength && timingSafeEqual(given, wanted) ? 'valid' : 'invalid';
}
