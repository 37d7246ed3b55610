import type { ActionResult, ProofWay } from '@/lib/kernel/result';

type Asker = (way: ProofWay) => Promise<boolean>;

let asker: Asker | null = null;

/** Who asks a person for their proof; the dialog in the frame. Returns how to stop. */
export function askWith(next: Asker): () => void {
  asker = next;
  return () => {
    if (asker === next) asker = null;
  };
}

/** Runs it; when it needs a fresh proof of who it is, asks for one and runs it again with the same input. */
export async function withProof<T>(attempt: () => Promise<ActionResult<T>>): Promise<ActionResult<T>> {
  const first = await attempt();
  if (first.ok || !first.stepUp || !asker) return first;
  return (await asker(first.stepUp)) ? await attempt() : first;
}
