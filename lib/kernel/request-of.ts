// A bundler may evaluate this module several times; what one of them noted is read by another.
const NOTED = Symbol.for('aetherstack.request-of');

/** Notes in whose service this was thrown. It is seen by nobody who prints the error. */
export function notedWith(error: unknown, requestId: string): unknown {
  if (error instanceof Error && Object.isExtensible(error) && !(NOTED in error))
    Object.defineProperty(error, NOTED, { value: requestId });
  return error;
}

/** The request in whose service this was thrown; null where that is not known. */
export function requestIdOf(error: unknown): string | null {
  const noted = typeof error === 'object' && error !== null ? (error as { [NOTED]?: unknown })[NOTED] : undefined;
  return typeof noted === 'string' ? noted : null;
}
