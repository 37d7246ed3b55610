import { createHash } from 'node:crypto';

/** A real X25519 pair for each shelf, the same in every process of one sandbox. */
async function pairOf(seed: number, place: string) {
  const { default: sodium } = await import('libsodium-wrappers');
  await sodium.ready;
  const secret = createHash('sha256').update(`sandbox-box-key\n${seed}\n${place}`).digest();
  return { sodium, ...sodium.crypto_box_seed_keypair(new Uint8Array(secret)) };
}

export async function publicKeyOf(seed: number, place: string): Promise<{ key_id: string; key: string }> {
  const { publicKey } = await pairOf(seed, place);
  const id = createHash('sha256').update(publicKey).digest().readUIntBE(0, 6);
  return { key_id: String(id).padStart(15, '3'), key: Buffer.from(publicKey).toString('base64') };
}

/** What is in the box; null when it was not sealed for this key. */
export async function openBox(seed: number, place: string, sealed: string): Promise<string | null> {
  const { sodium, publicKey, privateKey } = await pairOf(seed, place);
  try {
    const bytes = new Uint8Array(Buffer.from(sealed, 'base64'));
    return Buffer.from(sodium.crypto_box_seal_open(bytes, publicKey, privateKey)).toString('utf8');
  } catch {
    return null;
  }
}
