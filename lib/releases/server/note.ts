import { and, eq } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext } from '@/lib/auth/context';
import { audit } from '@/lib/db/schema';

interface Line {
  action: 'release.create' | 'release.publish' | 'release.tag';
  /** `owner/name@tag`. */
  resource: string;
  sentence: string;
}

type Facts = Record<string, string | boolean>;

export function noteMade(ctx: ServiceContext, { action, resource, sentence }: Line, data: Facts): Promise<void> {
  return emitAudit(ctx.db, ctx, {
    ...{ action, outcome: 'done', sentence, data },
    resource: { kind: 'release', id: resource },
  });
}

/**
 * What a press found done already. A process that died between the provider's answer and its own line left none, so there is
 * one now, once, which says that it was found.
 */
export async function noteFound(ctx: ServiceContext, line: Line, data: Facts): Promise<void> {
  const same = and(eq(audit.action, line.action), eq(audit.resourceId, line.resource), eq(audit.outcome, 'done'));
  if ((await ctx.db.$count(audit, same)) > 0) return;
  const sentence = `Found done already, with no line about it: ${line.sentence}`;
  await noteMade(ctx, { ...line, sentence }, { ...data, found: true });
}
