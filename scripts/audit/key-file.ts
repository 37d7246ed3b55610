import { type AuditKeys, createAuditKeys, deriveAuditKey } from '@/lib/audit/server/keys';
import { decodeKey } from '@/lib/env/server';

const NAMES = [
  'AETHERSTACK_AUDIT_KEY',
  'AETHERSTACK_KEK',
  'AETHERSTACK_AUDIT_KEY_PREVIOUS',
  'AETHERSTACK_KEK_PREVIOUS',
];

function texts(content: string): string[] {
  if (!content.trimStart().startsWith('{')) return content.split(/\s+/);
  const kept = JSON.parse(content) as Record<string, unknown>;
  return NAMES.map((name) => kept[name]).filter((value) => typeof value === 'string');
}

/** Each key counts as itself and as the one that an installation derives from it; null when there is none in the file. */
export function readKeyFile(content: string): AuditKeys | null {
  const keys = texts(content)
    .map((text) => decodeKey(text.replace(/^AETHERSTACK_[A-Z_]+=/, '')))
    .filter((key) => key !== null);
  const [current, ...previous] = keys.flatMap((key) => [key, deriveAuditKey(key)]);
  return current ? createAuditKeys(current, previous) : null;
}
