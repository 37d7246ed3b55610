import { unstable_isUnrecognizedActionError } from 'next/navigation';
import type { Refusal } from '@/lib/kernel/errors';
import type { ActionResult, ProofWay } from '@/lib/kernel/result';

type Asker = (way: ProofWay) => Promise<boolean>;

/** The dialog's code comes after the page's: whoever presses before it is there waits for it this long. Milliseconds. */
const DIALOG_MS = 10_000;

let asker: Asker | null = null;
/** One dialog asks one person: whoever presses while it is open gets the same answer. */
let asking: { answer: Promise<boolean>; leave: () => void } | null = null;
const waiting = new Set<(asker: Asker) => void>();

/** Who asks a person for their proof; the dialog in the frame. Returns how to stop. */
export function askWith(next: Asker): () => void {
  asker = next;
  for (const each of waiting) each(next);
  waiting.clear();
  return () => {
    if (asker !== next) return;
    asker = null;
    asking?.leave();
  };
}

/** Null where nobody came to ask. */
function whoAsks(): Promise<Asker | null> {
  if (asker) return Promise.resolve(asker);
  return new Promise((resolve) => {
    const late = setTimeout(() => {
      waiting.delete(come);
      resolve(null);
    }, DIALOG_MS);
    const come = (next: Asker) => {
      clearTimeout(late);
      resolve(next);
    };
    waiting.add(come);
  });
}

function askOnce(ask: Asker, way: ProofWay): Promise<boolean> {
  if (asking) return asking.answer;
  let leave = () => {};
  const left = new Promise<boolean>((resolve) => {
    leave = () => resolve(false);
  });
  const answer = Promise.race([ask(way), left]).finally(() => {
    asking = null;
  });
  asking = { answer, leave };
  return answer;
}

/** Runs it; when it needs a fresh proof of who it is, asks for one and runs it again with the same input. */
export async function withProof<T>(attempt: () => Promise<ActionResult<T>>): Promise<ActionResult<T>> {
  const first = await toThisVersion(attempt);
  if (first.ok || !first.stepUp) return first;
  const ask = await whoAsks();
  return ask && (await askOnce(ask, first.stepUp)) ? await toThisVersion(attempt) : first;
}

const UPDATED: Refusal = {
  code: 'console_updated',
  sentence:
    'The console was updated since this page was opened, so nothing was done. Reload the page, then press again.',
};

/** A page of an older version asks for what the server no longer knows: that is an answer, not a silence. */
export async function toThisVersion<T>(attempt: () => Promise<ActionResult<T>>): Promise<ActionResult<T>> {
  try {
    return await attempt();
  } catch (error) {
    if (unstable_isUnrecognizedActionError(error)) return { ok: false, refusal: UPDATED };
    throw error;
  }
}
