'use client';

import { useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { Button } from '@/components/ui/button';
import { ConfirmButton } from '@/components/ui/confirm-button';
import { later } from '@/components/ui/later';
import type { GalleryVersionRow } from '@/lib/gallery/model/view';
import type { Action } from '@/lib/kernel/result';

const YankDialog = later(() => import('./yank-dialog').then((file) => file.YankDialog));

export interface Which {
  namespace: string;
  name: string;
  version: string;
  platform?: string | undefined;
}

export interface VersionActionsProps {
  extension: { namespace: string; name: string };
  version: Pick<GalleryVersionRow, 'version' | 'platform' | 'yanked' | 'retiredAt'>;
  /** Whether this person owns the namespace. */
  allowed: boolean;
  yank: Action<Which & { reason: string }, unknown>;
  unyank: Action<Which, unknown>;
}

/** Takes a version from the gallery, or puts it back. */
export function VersionActions({ extension, version, allowed, yank, unyank }: VersionActionsProps) {
  const [asking, setAsking] = useState(false);
  const back = useAction(unyank);
  if (!allowed || version.retiredAt) return null;
  const which = { ...extension, version: version.version, platform: version.platform };
  const called = `${extension.namespace}.${extension.name} ${version.version}`;
  if (version.yanked)
    return (
      <ConfirmButton
        size="sm"
        aria-label={`Put ${called} back`}
        confirm={{
          title: `Put ${called} back?`,
          description: 'Editors find and install it again.',
          confirmLabel: 'Put it back',
        }}
        onConfirm={async () => {
          const done = await back.run(which);
          return done.ok ? null : done.refusal.sentence;
        }}
      >
        Put back
      </ConfirmButton>
    );
  return (
    <>
      <Button size="sm" aria-label={`Yank ${called}`} onClick={() => setAsking(true)}>
        Yank
      </Button>
      {asking ? <YankDialog called={called} which={which} yank={yank} onClose={() => setAsking(false)} /> : null}
    </>
  );
}
