import type { RemoteGateView } from './remote-gate';

/**
 * What somebody said together with their approval here: yes to these too, once the provider asks, for exactly this content.
 * `environments`: those that are not answered yet. `refused`: it was tried, did not get through, and waits for a person.
 */
export interface GivenAhead {
  digest: string;
  environments: readonly string[];
  state: 'waits' | 'sending' | 'refused';
}

export type AheadNews =
  | { kind: 'given'; digest: string; environments: readonly string[] }
  | { kind: 'sending' }
  | { kind: 'answered'; environments: readonly string[] }
  | { kind: 'refused' }
  | { kind: 'withdrawn' };

const lower = (names: readonly string[]) => new Set(names.map((each) => each.toLowerCase()));

/** Each gate takes away only what was answered with it; what did not get through once is not sent again by itself. */
export function afterNews(given: GivenAhead | null, news: AheadNews): GivenAhead | null {
  if (news.kind === 'given')
    return news.environments.length > 0
      ? { digest: news.digest, environments: news.environments, state: 'waits' }
      : null;
  if (given === null || news.kind === 'withdrawn') return null;
  if (news.kind === 'sending') return { ...given, state: 'sending' };
  if (news.kind === 'refused') return { ...given, state: 'refused' };
  const done = lower(news.environments);
  const environments = given.environments.filter((each) => !done.has(each.toLowerCase()));
  return environments.length > 0 ? { ...given, environments, state: 'waits' } : null;
}

/** What a tick means at the press: the question that stands beside it then, and no earlier one. */
export function meantBy(ticked: readonly string[], offered: readonly string[]): readonly string[] {
  return ticked.join('\n') === offered.join('\n') ? offered : [];
}

const askedIn = ({ gates }: RemoteGateView) => gates.filter(({ reviewers }) => reviewers.length > 0);

/** Whether what was said ahead is the answer to what the provider asks now: for everything that it asks, or for nothing. */
export function answersAhead(held: RemoteGateView, given: GivenAhead | null): boolean {
  if (given?.state !== 'waits' || held.refusal !== null || held.notApproved !== null) return false;
  const meant = lower(given.environments);
  const asked = askedIn(held);
  return asked.length > 0 && asked.every(({ environment }) => meant.has(environment.toLowerCase()));
}

/** True once each time that something becomes due: an effect may run twice before the state has changed, and that is one time. */
export function onceEachTime(): (due: boolean) => boolean {
  let sent = false;
  return (due) => {
    const send = due && !sent;
    sent = due;
    return send;
  };
}

/** What becomes of it, for whoever gave it; null: nothing was given. */
export function aheadWords(given: GivenAhead | null, held: RemoteGateView | null): string | null {
  if (!given) return null;
  const names = given.environments.join(', ');
  if (given.state === 'refused')
    return `Your yes to ${names} did not get through. It is not sent again by itself: answer it yourself.`;
  if (given.state === 'sending') return `Your yes to ${names} is being sent.`;
  if (!held || answersAhead(held, given))
    return `Your yes to ${names} is sent as soon as the provider asks. Keep this page open`;
  if (held.refusal) return `Your yes to ${names} was not sent: you cannot answer from here now.`;
  // What holds here ends; then it is sent.
  if (held.notApproved) return `Your yes to ${names} is not sent: you cannot approve it there now. Keep this page open`;
  return askedIn(held).length === 0
    ? `Your yes to ${names} waits: the provider asks no person right now. Keep this page open`
    : `Your yes to ${names} was not sent: the provider asks for something else now. Answer it yourself.`;
}

/** From what the browser kept; a page that was left while it was being sent tries again, which looks it up first. */
export function keptAhead(text: string | null, digest: string): GivenAhead | null {
  const kept = parsed(text);
  if (kept === null || kept.digest !== digest) return null;
  return kept.state === 'sending' ? { ...kept, state: 'waits' } : kept;
}

/** By hand: a schema library would be a fifth of what the approval page loads, for three fields that this page wrote. */
function parsed(text: string | null): GivenAhead | null {
  try {
    const kept = JSON.parse(text ?? 'null') as Partial<Record<keyof GivenAhead, unknown>> | null;
    const { digest, environments, state } = kept ?? {};
    if (typeof digest !== 'string' || !Array.isArray(environments)) return null;
    if (!environments.every((each) => typeof each === 'string')) return null;
    return state === 'waits' || state === 'sending' || state === 'refused' ? { digest, environments, state } : null;
  } catch {
    return null;
  }
}
