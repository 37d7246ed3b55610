/** What is known after a look at the provider for a deployment that may have been sent by a time that this database forgot. */
export interface Looked {
  /** A run with one of its markers is there. */
  found: boolean;
  /** A look that finds nothing says something: the run would show its marker. */
  findable: boolean;
  /** Production, or what a host serves: that tells the last of its requests alone, and nothing of one that was undone since. */
  isDelicate: boolean;
  /** The database was replaced after this was asked for; false when it only stood still. */
  restored: boolean;
  /** Nothing can have been sent so lately that the provider does not list it yet. */
  settled: boolean;
}

/**
 * A run that exists is followed, never started again. A proven absence lets it be sent, where it is delicate only when
 * no state was lost; what cannot be proven is a person's decision.
 */
export function afterLook(looked: Looked): 'adopt' | 'wait' | 'ask' | 'send' {
  if (looked.found) return 'adopt';
  if (!looked.findable) return 'ask';
  if (!looked.settled) return 'wait';
  return looked.isDelicate && looked.restored ? 'ask' : 'send';
}

/** How many attempts may have been made that the database knows nothing of. */
export const LOST_ATTEMPTS = 3;
