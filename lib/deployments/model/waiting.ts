/** Providers name whom a run waits for ("a free runner"); our own notes are sentences. Either way one sentence comes out. */
export function waitingSentence(waitingFor: string): string {
  return /[.!?]$/.test(waitingFor) ? waitingFor : `Waiting for ${waitingFor}.`;
}
