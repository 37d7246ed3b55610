import type { Tone } from './tone';

export interface Notification {
  tone: Tone;
  title: string;
  /** What to do, or what was done. */
  body?: string;
  action?: { label: string; onPress: () => void };
  /** The same id replaces what stands there. */
  id?: string;
}

type Speaker = (notification: Notification) => void;

let speaker: Speaker | null = null;
let unsaid: Notification[] = [];

/** A passing word for what the person just did. Nothing that matters may live only here. Needs `Toaster` on the page. */
export function notify(notification: Notification): void {
  if (speaker) speaker(notification);
  else unsaid.push(notification);
}

/** Who says it. The toaster comes late and is heavy, so words wait for it instead of bringing it along. */
export function speakWith(next: Speaker): () => void {
  speaker = next;
  const waiting = unsaid;
  unsaid = [];
  for (const notification of waiting) next(notification);
  return () => {
    if (speaker === next) speaker = null;
  };
}
