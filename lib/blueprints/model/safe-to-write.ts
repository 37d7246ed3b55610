import type { FileComparison } from './compare';

/** What is written without anybody having to say so: nothing of anybody's is lost by it. */
export function safeToWrite({ state }: FileComparison): boolean {
  return state === 'missing' || state === 'older';
}
