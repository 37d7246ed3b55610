/** D16: what may happen to a stored secret. Each says what a reader of it meets; `part` counts from 0 in v1.kek.dek.iv.tag.ct. */
export type SealedCase = { name: string; is: 'opened' | 'credential_unreadable' | 'kek_missing' } & (
  | { flip: number }
  | { cut: number }
  | { mix: number }
  | { move: Record<string, string> }
  | { text: string }
  | { keys: 'rotated' | 'new only' | 'old ring, re-wrapped' | 'half-way' }
);

export const SEALED_VALUES: SealedCase[] = [
  { name: 'a bit of the format', flip: 0, is: 'credential_unreadable' },
  { name: 'a bit of the key id', flip: 1, is: 'kek_missing' },
  { name: 'a bit of the wrapped key', flip: 2, is: 'credential_unreadable' },
  { name: 'a bit of the iv', flip: 3, is: 'credential_unreadable' },
  { name: 'a bit of the tag', flip: 4, is: 'credential_unreadable' },
  { name: 'a bit of the ciphertext', flip: 5, is: 'credential_unreadable' },
  { name: 'a shorter tag', cut: 4, is: 'credential_unreadable' },
  { name: 'a shorter iv', cut: 3, is: 'credential_unreadable' },
  { name: 'the key of another value', mix: 2, is: 'credential_unreadable' },
  { name: 'the ciphertext of another value', mix: 5, is: 'credential_unreadable' },
  { name: 'another row', move: { rowId: 'con_2' }, is: 'credential_unreadable' },
  { name: 'another provider', move: { providerId: 'other' }, is: 'credential_unreadable' },
  { name: 'another address', move: { origin: 'https://api.forge.test.evil.example' }, is: 'credential_unreadable' },
  { name: 'the same address over http', move: { origin: 'http://api.forge.test' }, is: 'credential_unreadable' },
  { name: 'another purpose', move: { purpose: 'webhook' }, is: 'credential_unreadable' },
  { name: 'nothing', text: '', is: 'credential_unreadable' },
  { name: 'a plain token', text: 'a-token-in-plain', is: 'credential_unreadable' },
  { name: 'a format of the future', text: 'v2.a.b.c.d.e', is: 'credential_unreadable' },
  { name: 'an older key that is still known', keys: 'rotated', is: 'opened' },
  { name: 'a key that is gone', keys: 'new only', is: 'kek_missing' },
  { name: 'a value of tomorrow read with the keys of yesterday', keys: 'old ring, re-wrapped', is: 'kek_missing' },
  { name: 'a rotation that stopped half-way: both kinds open', keys: 'half-way', is: 'opened' },
];
