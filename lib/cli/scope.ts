import type { ScopeView } from '@/lib/gates/model/view';
import type { Invocation } from './command.ts';
import { EXIT, usage } from './exit.ts';
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

/** Throws `CliError` usage unless the command line says what it reaches: the whole installation is named, never meant. */
export function requireReach(invocation: Invocation, { target }: { target?: string | undefined } = {}): void {
  const { environment, component } = slugs(invocation);
  const everywhere = invocation.flag('everywhere');
  if (target && (environment || component)) throw usage('A target says both; leave --environment and --component out.');
  const isPart = Boolean(target ?? environment ?? component);
  if (everywhere && isPart) throw usage('Say what it reaches, or --everywhere, not both.');
  if (!everywhere && !isPart) throw usage('Say what it reaches: --environment, --component, or --everywhere.');
}
