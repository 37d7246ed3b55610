import type { WaitingGate } from '../../providers/environment-terms';

/** A gate of the provider as a deployment remembers it; who may answer depends on who asks, so that is left out. */
export type HeldBy = Omit<WaitingGate, 'mayAnswer'>;
