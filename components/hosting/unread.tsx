import { sentenceOf } from '@/components/live/problem';

/** Why something is not there, where the question itself failed; nothing while it is asked, and where there is nothing. */
export function Unread({ what, error }: { what: string; error: Error | null }) {
  if (!error) return null;
  return (
    <p className="text-xs text-warn">
      {what} could not be read: {sentenceOf(error)}
    </p>
  );
}
