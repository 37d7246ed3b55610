import { ProviderError } from '@/lib/providers/port';

type Together<T extends readonly unknown[]> = { [K in keyof T]: T[K] | Promise<T[K]> };

/**
 * What all of them come to. Where several throw, the first of them in this order is told, whichever came first in time, and
 * trouble that may pass by itself only where nothing else stands in the way.
 */
export async function allOf<const T extends readonly unknown[]>(...parts: Together<T>): Promise<T> {
  const ends = await Promise.allSettled(parts);
  const errors = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
  if (errors.length > 0) throw errors.find((error) => !passes(error)) ?? errors[0];
  return ends.map((end) => end.status === 'fulfilled' && end.value) as unknown as T;
}

const passes = (error: unknown): boolean =>
  error instanceof ProviderError && (error.kind === 'unavailable' || error.kind === 'rateLimited');
