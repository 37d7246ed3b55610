import type { Invocation } from './command.ts';

/** What a press says for the gates, at every command that asks for a deployment. */
export const forTheGates = {
  check: { type: 'string', multiple: true },
  'override-freeze': { type: 'string' },
} as const;

export function gatesOf(invocation: Invocation) {
  return { checklist: invocation.list('check'), freezeOverrideReason: invocation.text('override-freeze') ?? null };
}
