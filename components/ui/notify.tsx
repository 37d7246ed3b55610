'use client';

import { toast } from 'sonner';
import { type Tone, ToneIcon } from './tone';

interface Notification {
  tone: Tone;
  title: string;
  /** What to do, or what was done. */
  body?: string;
  action?: { label: string; onPress: () => void };
  /** The same id replaces what stands there. */
  id?: string;
}

/** A passing word for what the person just did. Nothing that matters may live only here. Needs `Toaster` on the page. */
export function notify({ tone, title, body, action, id }: Notification): void {
  toast(title, {
    id,
    description: body,
    icon: <ToneIcon tone={tone} className="size-4" />,
    duration: tone === 'bad' ? 12_000 : undefined,
    action: action ? { label: action.label, onClick: action.onPress } : undefined,
  });
}
