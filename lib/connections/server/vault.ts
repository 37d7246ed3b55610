import 'server-only';
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { ServiceError } from '@/lib/kernel/errors';
import { Secret } from '@/lib/kernel/secret';

interface KeyEncryptionKey {
  /** First 12 hex digits of a domain-separated SHA-256: names the key, reveals nothing of it. */
  id: string;
  key: Buffer;
}

/** The key that seals, and older ones that may still open. */
export interface KeyRing {
  current: KeyEncryptionKey;
  previous: KeyEncryptionKey | null;
}

/**
 * What a secret belongs to. It is the associated data of both layers, so a value copied to another row, another
 * provider or another address cannot be opened.
 */
export interface SealBinding {
  table: 'connections' | 'subscriptions' | 'personal_credentials';
  rowId: string;
  providerId: string;
  origin: string;
  purpose: 'credential' | 'webhook' | 'address' | 'signing' | 'authorities';
}

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

function kek(key: Buffer): KeyEncryptionKey {
  if (key.byteLength !== KEY_BYTES) throw new Error('A key encryption key has 32 bytes.');
  return { id: createHash('sha256').update('aetherstack/kek/v1').update(key).digest('hex').slice(0, 12), key };
}

export function createKeyRing(current: Buffer, previous?: Buffer | undefined): KeyRing {
  return { current: kek(current), previous: previous ? kek(previous) : null };
}

function associatedData(binding: SealBinding, layer: 'dek' | 'data', kekId: string): Buffer {
  // JSON keeps the parts apart whatever characters they hold.
  return Buffer.from(
    JSON.stringify([
      'v1',
      layer,
      kekId,
      binding.table,
      binding.rowId,
      binding.providerId,
      binding.origin,
      binding.purpose,
    ]),
  );
}

function encrypt(key: Buffer, plain: Buffer, aad: Buffer) {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(aad);
  const ct = Buffer.concat([cipher.update(plain), cipher.final()]);
  return { iv, tag: cipher.getAuthTag(), ct };
}

function decrypt(key: Buffer, iv: Buffer, tag: Buffer, ct: Buffer, aad: Buffer): Buffer {
  if (iv.byteLength !== IV_BYTES || tag.byteLength !== TAG_BYTES) throw new Error('malformed');
  const decipher = createDecipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(aad);
  decipher.setAuthTag(tag);
  return Buffer.concat([decipher.update(ct), decipher.final()]);
}

function wrap(by: KeyEncryptionKey, dek: Buffer, binding: SealBinding): string {
  const { iv, tag, ct } = encrypt(by.key, dek, associatedData(binding, 'dek', by.id));
  return Buffer.concat([iv, tag, ct]).toString('base64url');
}

function unwrap(by: KeyEncryptionKey, wrapped: string, binding: SealBinding): Buffer {
  const bytes = Buffer.from(wrapped, 'base64url');
  const [iv, tag, ct] = [
    bytes.subarray(0, IV_BYTES),
    bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES),
    bytes.subarray(IV_BYTES + TAG_BYTES),
  ];
  if (ct.byteLength !== KEY_BYTES) throw new Error('malformed');
  return decrypt(by.key, iv, tag, ct, associatedData(binding, 'dek', by.id));
}

/** Tells sealed values at one address from the next ones, also after `rewrap`; reveals nothing of them. 16 hex digits. */
export function sealedName(origin: string, ...sealed: string[]): string {
  const own = sealed.map((each) => each.split('.').slice(3));
  return createHash('sha256')
    .update(JSON.stringify([origin, ...own]))
    .digest('hex')
    .slice(0, 16);
}

/** `v1.kekId.wrappedDek.iv.tag.ct`, each secret under its own fresh key. */
export function seal(ring: KeyRing, plain: string, binding: SealBinding): string {
  const dek = randomBytes(KEY_BYTES);
  const { iv, tag, ct } = encrypt(dek, Buffer.from(plain), associatedData(binding, 'data', 'any'));
  const wrapped = wrap(ring.current, dek, binding);
  dek.fill(0);
  return ['v1', ring.current.id, wrapped, ...[iv, tag, ct].map((part) => part.toString('base64url'))].join('.');
}

function unreadable(): ServiceError {
  return new ServiceError(
    'unavailable',
    'credential_unreadable',
    'The stored secret of this connection cannot be read: it was changed outside this program, or belongs to another row. Enter it again under Connections.',
  );
}

function openLayers(ring: KeyRing, sealed: string, binding: SealBinding) {
  const parts = sealed.split('.');
  const [format, kekId, wrapped, iv, tag, ct] = parts;
  if (parts.length !== 6 || format !== 'v1' || !kekId || !wrapped || !iv || !tag || ct === undefined)
    throw unreadable();
  const by = [ring.current, ring.previous].find((key) => key?.id === kekId);
  if (!by) {
    throw new ServiceError(
      'unavailable',
      'kek_missing',
      `The stored secret was sealed with key ${/^[0-9a-f]{12}$/.test(kekId) ? kekId : 'unknown'}, which this server does not have. Set AETHERSTACK_KEK_PREVIOUS to that key, or enter the secret again under Connections.`,
    );
  }
  try {
    const dek = unwrap(by, wrapped, binding);
    const [ivBytes, tagBytes, data] = [iv, tag, ct].map((part) => Buffer.from(part, 'base64url')) as [
      Buffer,
      Buffer,
      Buffer,
    ];
    return { by, dek, parts, plain: decrypt(dek, ivBytes, tagBytes, data, associatedData(binding, 'data', 'any')) };
  } catch {
    throw unreadable();
  }
}

/** Opens a sealed secret. Throws `ServiceError` `credential_unreadable` or `kek_missing`. */
export function unseal(ring: KeyRing, sealed: string, binding: SealBinding): Secret {
  return new Secret(openLayers(ring, sealed, binding).plain.toString('utf8'));
}

/** The same for what is no secret and only sealed so that nobody else can write it. */
export function unsealText(ring: KeyRing, sealed: string, binding: SealBinding): string {
  return openLayers(ring, sealed, binding).plain.toString('utf8');
}

/** The same secret under the current key; null when it already is. Only the inner key is wrapped anew. */
export function rewrap(ring: KeyRing, sealed: string, binding: SealBinding): string | null {
  if (sealed.split('.')[1] === ring.current.id) return null;
  const { dek, parts } = openLayers(ring, sealed, binding);
  return ['v1', ring.current.id, wrap(ring.current, dek, binding), ...parts.slice(3)].join('.');
}
