import type { ServiceContext } from '@/lib/auth/context';
import { setOne } from '@/lib/targets/server/set-one';
import { type SetTellingInput, setTellingInput } from '../model/tell';
import { TELLING_VIEW } from '../model/telling';

/** What the provider is told about the deployments of a target from now on. What was told stays there. */
export async function setTelling(ctx: ServiceContext, raw: SetTellingInput): Promise<void> {
  const { targetId, telling } = setTellingInput.parse(raw);
  return setOne(ctx, {
    targetId,
    setting: 'tell',
    value: telling,
    action: 'target.tell',
    says: (component, environment) =>
      `The provider is told about deployments of ${component} to ${environment}: ${TELLING_VIEW[telling].toLowerCase()}.`,
  });
}
