import { namesInWords } from '@/lib/deployments/model/baked';
import type { HeldBack } from './view';

/** What starts when a hold ends, and what something else goes on holding; empty where nothing waits. */
export function whatStarts(heldBack: readonly HeldBack[]): string[] {
  const free = heldBack.map(({ queued }) => queued.filter(({ alsoHeldBy }) => alsoHeldBy.length === 0));
  const held = heldBack.flatMap(({ queued }) => queued).filter(({ alsoHeldBy }) => alsoHeldBy.length > 0);
  const still = [...new Set(held.map(holdersOf))].map((by) => {
    const those = held.filter((each) => holdersOf(each) === by);
    return `${numbers(those)} ${those.length === 1 ? 'is' : 'are'} still held by ${by}.`;
  });
  return [...startSays(free), ...still];
}

const holdersOf = ({ alsoHeldBy }: HeldBack['queued'][number]) => alsoHeldBy.join(' and ');

/** Checks, order, soak, a checklist or whatever is on its way there: asked when its turn comes. */
const unless = (whom: 'it' | 'them') => `unless something else keeps ${whom}: a gate, or what is on its way there`;

/** One target takes one at a time. */
function startSays(free: readonly HeldBack['queued'][]): string[] {
  const all = free.flat();
  if (all.length === 0) return [];
  if (all.length === 1) return [`${numbers(all)} starts at once, ${unless('it')}.`];
  if (free.every((those) => those.length <= 1)) return [`${numbers(all)} start at once, ${unless('them')}.`];
  return [`${numbers(all)} start, those of one target one after the other, ${unless('them')}.`];
}

const numbers = (those: HeldBack['queued']) => namesInWords(those.map(({ number }) => `#${number}`));
