import 'server-only';
import { redirect } from 'next/navigation';
import type { z } from 'zod';
import { currentActor } from '@/lib/auth/session';
import { ServiceError } from '@/lib/kernel/errors';
import { notedWith } from '@/lib/kernel/request-of';
import { getRuntime } from '@/lib/runtime';
import { register } from './registry';
import { currentRequest } from './request';
import { type QueryDefinition, runQuery } from './run-query';

export interface Query<I, O> {
  /** Throws `ServiceError` or `ProviderError`. */
  (input: I): Promise<O>;
  /** For an edge that knows its caller and its context itself: lib/api. */
  definition: QueryDefinition<z.ZodType<unknown, I>, O>;
}

/** The only way to read: for Server Components directly, for the API through its `definition`. */
export function defineQuery<S extends z.ZodType, O>(definition: QueryDefinition<S, O>): Query<z.input<S>, O> {
  register({ kind: 'query', name: definition.name, permission: definition.permission });
  const query = async (input: z.input<S>) => {
    const [runtime, actor, facts] = await Promise.all([getRuntime(), currentActor(), currentRequest()]);
    const read = runQuery(definition, input, runtime.contextFor(actor, facts.requestId));
    return await read.catch((error) => Promise.reject(notedWith(error, facts.requestId)));
  };
  return Object.assign(query, { definition: definition as never });
}

/** For pages: signed out → sign-in with a way back; the rest is thrown on. */
export async function pageQuery<I, O>(query: Query<I, O>, input: I, path: string): Promise<O> {
  try {
    return await query(input);
  } catch (error) {
    if (error instanceof ServiceError && error.kind === 'unauthenticated')
      redirect(`/sign-in?callbackUrl=${encodeURIComponent(path)}`);
    throw error;
  }
}
