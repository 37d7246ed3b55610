import type { ServiceContext } from '@/lib/auth/context';
import { cancelDeployment, triggerDeployment } from '@/lib/deployments/server';

/** The verbs that experiments call in another process, by name. */
const VERBS: Record<string, (ctx: ServiceContext, input: never) => Promise<unknown>> = {
  trigger: triggerDeployment,
  cancel: cancelDeployment,
};

/** @throws what the verb throws; Error for an unknown name */
export function runVerb(ctx: ServiceContext, name: string, input: object): Promise<unknown> {
  const verb = VERBS[name];
  if (!verb) throw new Error(`No verb ${name}.`);
  return verb(ctx, input as never);
}
