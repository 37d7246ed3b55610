import type { Actor } from '@/lib/auth/actor';
import type { DbOrTx } from '@/lib/db/client';
import { audit } from '@/lib/db/schema';
import { redact, redactText } from '@/lib/kernel/redact';
import type { AuditOutcome } from './model/view';

/** Who and in which request: any ServiceContext will do. */
export interface AuditSource {
  actor: Actor;
  requestId: string | null;
}

export interface AuditEntry {
  /** `deployment.request`, `member.invite`, `session.sign-in`, … */
  action: string;
  resource: { kind: string; id: string | null };
  /** Slug of the environment that the thing belongs to; null for the whole installation. */
  environment?: string | null | undefined;
  outcome: AuditOutcome;
  /** Stable code of a refusal or failure. */
  code?: string | undefined;
  /** What happened, for people. */
  sentence: string;
  /** Names, ids and digests; masked again on the way in. */
  data?: Record<string, unknown> | undefined;
}

/** A NUL, which Postgres refuses in text, must not make the record of a bad request fail. */
function stored(text: string, limit: number): string {
  return redactText(text.replaceAll('\u0000', '\uFFFD')).slice(0, limit);
}

function actorColumns(actor: Actor) {
  switch (actor.kind) {
    case 'user':
      return { actorKind: 'user', actorId: actor.id, actorName: actor.name, ip: actor.ip } as const;
    case 'token':
      return { actorKind: 'token', actorId: actor.userId, actorName: actor.name, ip: actor.ip } as const;
    case 'webhook':
      return { actorKind: 'webhook', actorId: actor.connectionId, actorName: actor.name, ip: null } as const;
    case 'anonymous':
      return { actorKind: 'anonymous', actorId: null, actorName: 'Nobody signed in', ip: actor.ip } as const;
    case 'system':
      return { actorKind: 'system', actorId: null, actorName: actor.name, ip: null } as const;
  }
}

/** Appends one line to the audit log, in the caller's transaction when given one. */
export async function emitAudit(tx: DbOrTx, source: AuditSource, entry: AuditEntry): Promise<void> {
  // A person's tokens share a name in words; which of them it was stands here.
  const via = source.actor.kind === 'token' ? { via: source.actor.id } : {};
  const data = JSON.parse(JSON.stringify(redact({ ...entry.data, ...via })).replaceAll('\\u0000', '\\ufffd'));
  await tx.insert(audit).values({
    ...actorColumns(source.actor),
    requestId: source.requestId,
    action: stored(entry.action, 100),
    resourceKind: stored(entry.resource.kind, 60),
    resourceId: entry.resource.id === null ? null : stored(entry.resource.id, 200),
    environment: entry.environment ?? null,
    outcome: entry.outcome,
    code: entry.code ?? null,
    sentence: stored(entry.sentence, 1_000),
    data,
  });
}
