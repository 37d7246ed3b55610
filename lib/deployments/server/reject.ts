import type { ServiceContext } from '@/lib/auth/context';
import { type RejectInput, rejectInput } from '@/lib/gates/model/schemas';
import { decision, write } from './decide';
import { move } from './move';

/** One person's no, with a reason, ends it. */
export async function reject(ctx: ServiceContext, raw: RejectInput): Promise<{ status: string }> {
  const input = rejectInput.parse(raw);
  return ctx.db.transaction(async (tx) => {
    const decided = await decision(tx, ctx, input);
    await write(tx, decided, { name: ctx.actor.name, decision: 'reject', reason: input.reason });
    const sentence = `${ctx.actor.name} rejected it: ${input.reason}`;
    const moved = await move(tx, ctx, decided.row, 'reject', {
      patch: { failureCode: 'rejected', failureSentence: sentence },
      sentence,
    });
    return { status: moved?.status ?? decided.row.status };
  });
}
