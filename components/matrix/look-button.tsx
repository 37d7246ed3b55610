'use client';

import { ScanSearch } from 'lucide-react';
import { useAction } from '@/components/console/use-action';
import { Button } from '@/components/ui/button';
import { type Notification, notify } from '@/components/ui/notify';
import type { Action, ActionResult } from '@/lib/kernel/result';
import type { Look } from '@/lib/sightings/model/schemas';

export type LookNow = Action<{ targetId: string }, Look>;

interface LookButtonProps {
  targetId: string;
  /** "Backend in Production". */
  where: string;
  look: LookNow;
}

/** Asks at once what is live there; every target is looked at by itself every few minutes, too. */
export function LookButton({ targetId, where, look }: LookButtonProps) {
  const looking = useAction(look);
  return (
    <Button
      size="sm"
      variant="quiet"
      icon={<ScanSearch aria-hidden />}
      pending={looking.pending}
      aria-label={`Look now at what is live: ${where}`}
      onClick={async () => notify({ id: `look-${targetId}`, ...inWords(await looking.run({ targetId }), where) })}
    >
      Look now
    </Button>
  );
}

function inWords(done: ActionResult<Look>, where: string): Notification {
  if (!done.ok) return { tone: 'bad', title: done.refusal.sentence };
  const { live, drift, trouble } = done.value;
  if (trouble) return { tone: 'warn', title: `${where}: ${trouble}` };
  if (drift) return { tone: 'bad', title: `${where}: ${drift}` };
  if (!live) return { tone: 'neutral', title: `${where}: nobody can say from outside what is live there.` };
  const shown = /^[0-9a-f]{8,40}$/.test(live) ? live.slice(0, 7) : live;
  return { tone: 'good', title: `${where}: ${shown} is live, as this console has it.` };
}
