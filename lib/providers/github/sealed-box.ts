import { ProviderError, type WantedSetting } from '../port';

const KEY_BYTES = 32;

/**
 * The value as only the holder of the key can open it, in base64; without authentication of the sender, as GitHub wants it.
 * Source: https://docs.github.com/en/rest/guides/encrypting-secrets-for-the-rest-api
 */
export async function sealFor(publicKey: string, value: WantedSetting['value']): Promise<string> {
  const key = Buffer.from(publicKey, 'base64');
  if (key.byteLength !== KEY_BYTES)
    throw new ProviderError(
      'protocol',
      'unexpected_answer',
      'GitHub sent a key that this version does not understand, so nothing was sent. Please report it.',
    );
  // Loaded only when something is sealed: it brings a megabyte along.
  const { default: sodium } = await import('libsodium-wrappers');
  await sodium.ready;
  const plain = new TextEncoder().encode(value.reveal());
  const sealed = sodium.crypto_box_seal(plain, new Uint8Array(key));
  plain.fill(0);
  return Buffer.from(sealed).toString('base64');
}
