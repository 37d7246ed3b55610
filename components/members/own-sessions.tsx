'use client';

import { MonitorSmartphone } from 'lucide-react';
import { useAction } from '@/components/console/use-action';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import type { Action } from '@/lib/kernel/result';
import type { SessionView } from '@/lib/members/model/view';

interface OwnSessionsProps {
  sessions: readonly SessionView[];
  revoke: Action<{ sessionId: string }, unknown>;
}

/** Where you are signed in; each can be ended from here. */
export function OwnSessions({ sessions, revoke }: OwnSessionsProps) {
  return (
    <Panel
      title="Your sessions"
      description="End one that you do not know; whoever has it is out at once."
      body="flush"
    >
      <ul className="divide-y divide-line">
        {sessions.map((session) => (
          <SessionLine key={session.id} session={session} revoke={revoke} />
        ))}
      </ul>
    </Panel>
  );
}

function SessionLine({ session, revoke }: { session: SessionView } & Pick<OwnSessionsProps, 'revoke'>) {
  const ending = useAction(revoke);
  const agent = agentInWords(session.userAgent);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1.5 px-4 py-2.5 text-sm">
      <MonitorSmartphone aria-hidden className="size-4 shrink-0 text-ink-faint" />
      <span className="grid min-w-0 flex-1 basis-48">
        <span className="truncate">
          {agent}
          {session.isCurrent ? (
            <Badge variant="accent" className="ml-2">
              this one
            </Badge>
          ) : null}
        </span>
        <span className="text-xs text-ink-faint">
          {session.ip ?? 'address not known'}, last seen <RelativeTime at={session.lastSeenAt} />
        </span>
        {ending.refusal ? (
          <span role="alert" className="text-xs text-bad">
            {ending.refusal.sentence}
          </span>
        ) : null}
      </span>
      <Button
        size="sm"
        aria-label={`End the session on ${agent}`}
        pending={ending.pending}
        disabledReason={session.isCurrent ? 'Use Sign out to end the session you are in.' : null}
        onClick={() => ending.run({ sessionId: session.id })}
      >
        End
      </Button>
    </li>
  );
}

const BROWSERS: readonly [RegExp, string][] = [
  [/Edg\//, 'Edge'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];
const SYSTEMS: readonly [RegExp, string][] = [
  [/iPhone|iPad/, 'iOS'],
  [/Android/, 'Android'],
  [/Mac OS X/, 'macOS'],
  [/Windows/, 'Windows'],
  [/Linux/, 'Linux'],
];

/** "Firefox on macOS"; a browser may say anything, so this is only a reminder. */
export function agentInWords(userAgent: string | null): string {
  const find = (table: readonly [RegExp, string][]) => table.find(([pattern]) => pattern.test(userAgent ?? ''))?.[1];
  const browser = find(BROWSERS);
  const system = find(SYSTEMS);
  if (!browser && !system) return 'A program that does not say its name';
  return `${browser ?? 'A browser'}${system ? ` on ${system}` : ''}`;
}
