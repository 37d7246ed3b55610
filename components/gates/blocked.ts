import type { Allowed } from '@/lib/deployments/model/view';
import type { GateView } from '@/lib/gates/model/gate';

/** What the requester brings for the gates. */
export interface Brought {
  ticked: readonly string[];
  /** Why a freeze should let this one through; '' = no such wish. */
  override: string;
}

/** A gate that a person with the right may open for this one deployment. */
export function overridableOf(gates: readonly GateView[]): GateView | null {
  return gates.find((gate) => gate.overridable && gate.state !== 'open') ?? null;
}

export function untickedOf(checklist: readonly string[], ticked: readonly string[]): string[] {
  return checklist.filter((item) => !ticked.includes(item));
}

/** What a request says for the gates: of the checklist, what is asked for now. */
export function saidFor(checklist: readonly string[], { ticked, override }: Brought) {
  return {
    checklist: checklist.filter((item) => ticked.includes(item)),
    freezeOverrideReason: override.trim() || null,
  };
}

/**
 * Why the button cannot be pressed with what is brought; null when it can. The server asks every gate again: here only
 * what the person in front of it can change is left out.
 */
export function blockedByGates(
  gate: Allowed,
  gates: readonly GateView[],
  checklist: readonly string[],
  { ticked, override }: Brought,
): string | null {
  const opens = (each: GateView) => each.kind === 'checklist' || (each.overridable && override.trim().length >= 3);
  const closed = gates.filter((each) => each.state === 'closed');
  const shut = closed.find((each) => !opens(each));
  if (shut) return shut.sentence;
  const known = closed.some((each) => each.code === gate.refusal?.code);
  if (!gate.allowed && !known) return gate.refusal?.sentence ?? 'This target cannot be deployed to now.';
  const open = untickedOf(checklist, ticked).length;
  if (open === 0) return null;
  return open === 1 ? 'One item of the checklist is not ticked.' : `${open} items of the checklist are not ticked.`;
}
