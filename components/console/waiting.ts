import type { NavItem } from '@/components/shell/shell-types';
import type { WaitingView } from '@/lib/deployments/model/view';

type Badge = NonNullable<NavItem['badge']>;

function badges({ approvals, questions, holds }: WaitingView): Record<string, Badge> {
  return {
    '/approvals': { count: approvals, tone: 'warn', label: approvals === 1 ? 'waits for you' : 'wait for you' },
    '/deployments': {
      count: questions,
      tone: 'bad',
      label: questions === 1 ? 'asks for a decision' : 'ask for a decision',
    },
    '/holds': { count: holds, tone: 'neutral', label: holds === 1 ? 'holds now' : 'hold now' },
  };
}

/** The places with the numbers beside them; without numbers until they are known. */
export function withBadges(nav: readonly NavItem[], waiting: WaitingView | undefined): readonly NavItem[] {
  if (!waiting) return nav;
  const known = badges(waiting);
  return nav.map((item) => {
    const badge = known[item.href];
    return badge ? { ...item, badge } : item;
  });
}
