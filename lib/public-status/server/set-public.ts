import type { ServiceContext } from '@/lib/auth/context';
import { setOne } from '@/lib/targets/server/set-one';
import { type SetPublicInput, setPublicInput } from '../model/schemas';

/** Whether everybody may see, without signing in, what is live on a target. Nothing is public until somebody says so. */
export async function setPublic(ctx: ServiceContext, raw: SetPublicInput): Promise<void> {
  const { targetId, isPublic } = setPublicInput.parse(raw);
  return setOne(ctx, {
    targetId,
    setting: 'isPublic',
    value: isPublic,
    action: 'target.set-public',
    says: (component, environment) =>
      isPublic
        ? `What is live of ${component} in ${environment} is shown to everybody, without signing in.`
        : `What is live of ${component} in ${environment} is not shown to everybody any more.`,
  });
}
