'use client';

import { Button } from '@/components/ui/button';
import { Code } from '@/components/ui/code';
import { Dialog } from '@/components/ui/dialog';
import { RelativeTime } from '@/components/ui/relative-time';
import type { OneTimeLink } from './member-actions';

/** Shown once, kept nowhere: whoever holds the link becomes that person. */
export function LinkOnce({ title, link, onClose }: { title: string; link: OneTimeLink; onClose: () => void }) {
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title={title}
      description="Send this link over a channel that only they read. It is shown only now."
      footer={
        <Button variant="primary" onClick={onClose}>
          I have copied it
        </Button>
      }
    >
      <Code label="Invitation link">{link.url}</Code>
      <p className="mt-2 text-xs text-ink-faint">
        Works once, ends <RelativeTime at={link.expiresAt} />.
      </p>
    </Dialog>
  );
}
