import type { ScopeView } from '@/lib/gates/model/view';
import type { Invocation } from './command.ts';
import { EXIT } from './exit.ts';
import { jsonText, oneLine } from './terminal.ts';

export function reaches({ environment, component, target }: ScopeView): string {
  const parts = [component?.slug, environment?.slug, target?.label].filter(Boolean);
  return parts.join(' · ') || 'everything';
}

export async function said(invocation: Invocation, answer: object | undefined, sentence: string) {
  invocation.terminal.say(invocation.json ? jsonText(answer ?? {}) : oneLine(sentence));
  return EXIT.ok;
}

export const where = { environment: { type: 'string' }, component: { type: 'string' } } as const;
export const slugs = (invocation: Invocation) => ({
  environment: invocation.text('environment'),
  component: invocation.text('component'),
});
