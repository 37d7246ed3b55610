import 'server-only';
import type { z } from 'zod';
import { currentActor } from '@/lib/auth/session';
import { serverEnv } from '@/lib/env/server';
import type { Action } from '@/lib/kernel/result';
import { getRuntime } from '@/lib/runtime';
import { register } from './registry';
import { currentRequest } from './request';
import { type ActionDefinition, runAction } from './run-action';

/** The only way to make a Server Action. Never throws a refusal: it answers one. */
export function defineAction<S extends z.ZodType, O>(definition: ActionDefinition<S, O>): Action<z.input<S>, O> {
  register({ kind: 'action', name: definition.name, permission: definition.permission });
  return async function action(input) {
    const runtime = await getRuntime();
    return await runAction(definition, input, {
      facts: await currentRequest(),
      ownOrigin: serverEnv().NEXTAUTH_URL,
      resolveActor: currentActor,
      contextFor: async (actor, requestId) => runtime.contextFor(actor, requestId),
    });
  };
}
