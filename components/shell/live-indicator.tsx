'use client';

import { useId } from 'react';
import { cn } from '@/components/ui/cn';
import { type Tone, ToneDot } from '@/components/ui/tone';
import { Tooltip } from '@/components/ui/tooltip';

/** How this page hears of changes. */
export type LiveState = 'connecting' | 'connected' | 'degraded' | 'reconnecting' | 'polling' | 'offline';

const faces = {
  connecting: { tone: 'neutral', word: 'Connecting', text: 'Opening the live connection.' },
  connected: { tone: 'good', word: 'Live', text: 'Changes show here as they happen.' },
  degraded: {
    tone: 'warn',
    word: 'Degraded',
    text: 'The console cannot read its database. What you see may be old; it catches up by itself.',
  },
  reconnecting: {
    tone: 'warn',
    word: 'Reconnecting',
    text: 'The live connection broke. What you see may be old; it catches up by itself.',
  },
  polling: { tone: 'busy', word: 'Polling', text: 'No live connection here: the page asks every few seconds instead.' },
  offline: { tone: 'bad', word: 'Offline', text: 'This browser has no network. What you see is old.' },
} as const satisfies Record<LiveState, { tone: Tone; word: string; text: string }>;

interface LiveIndicatorProps {
  state: LiveState;
  /** Replaces the explanation, for example with the age of the last word. */
  detail?: string;
  className?: string;
}

export function LiveIndicator({ state, detail, className }: LiveIndicatorProps) {
  const id = useId();
  const face = faces[state];
  return (
    <Tooltip id={id} text={detail ?? face.text} tap>
      <button
        type="button"
        aria-describedby={id}
        aria-label={`Live updates: ${face.word}`}
        className={cn(
          'flex h-7 cursor-default items-center gap-1.5 rounded-md px-1.5 text-xs text-ink-soft pointer-coarse:h-10',
          className,
        )}
      >
        <ToneDot tone={face.tone} pulse={state === 'reconnecting' || state === 'connecting'} />
        <span role="status">{face.word}</span>
      </button>
    </Tooltip>
  );
}
