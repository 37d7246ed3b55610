import { eq } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { publicNames } from '@/lib/db/schema';
import { redactText } from '@/lib/kernel/redact';
import { publish } from '@/lib/realtime/publish';
import { setOne } from '@/lib/targets/server/set-one';
import { type SetPublicInput, setPublicInput } from '../model/schemas';

const ACTION = 'target.set-public';

/**
 * Whether everybody may see, without signing in, what is live on a target, and by which name. Nothing is public until
 * somebody says so.
 */
export async function setPublic(ctx: ServiceContext, raw: SetPublicInput): Promise<void> {
  const input = setPublicInput.parse(raw);
  const { targetId, isPublic } = input;
  await setOne(ctx, {
    targetId,
    setting: 'isPublic',
    value: isPublic,
    action: ACTION,
    says: (component, environment) =>
      isPublic
        ? `What is live of ${component} in ${environment} is shown to everybody, without signing in.`
        : `What is live of ${component} in ${environment} is not shown to everybody any more.`,
    also: (tx) => setNames(tx, ctx, input),
  });
}

/** The permission was asked for by `setOne`, on the very environment of the target. */
async function setNames(tx: Tx, ctx: ServiceContext, { targetId, name, section }: SetPublicInput): Promise<void> {
  if (name === undefined && section === undefined) return;
  const [before = { name: '', section: '' }] = await tx
    .select({ name: publicNames.name, section: publicNames.section })
    .from(publicNames)
    .where(eq(publicNames.targetId, targetId));
  const after = { name: redactText(name ?? before.name), section: redactText(section ?? before.section) };
  if (after.name === before.name && after.section === before.section) return;
  await tx
    .insert(publicNames)
    .values({ targetId, ...after })
    .onConflictDoUpdate({ target: publicNames.targetId, set: after });
  await emitAudit(tx, ctx, {
    action: ACTION,
    resource: { kind: 'target', id: targetId },
    outcome: 'done',
    sentence: `On the status page it is called ${quoted(after.name)} under ${quoted(after.section)}.`,
    data: { before, after },
  });
  await publish(tx, { topic: 'target', kind: ACTION, targetId, actorName: ctx.actor.name });
}

const quoted = (text: string) => (text === '' ? 'by its own name' : `“${text}”`);
