'use client';

import { useState } from 'react';
import { later } from '@/components/ui/later';
import { Notice } from '@/components/ui/notice';
import { Skeleton } from '@/components/ui/skeleton';
import type { NamespaceNoticeProps } from './namespace-notice';

/** Most places never need it: it comes where a name is missing, and only then. */
const NamespaceNotice = later(
  () => import('./namespace-notice').then((file) => file.NamespaceNotice),
  <Skeleton className="h-20" />,
);

/** The publisher's name at a place, while that keeps packages out; after a press, what was done. */
export function NamespaceThere({ place, makeNamespace }: Omit<NamespaceNoticeProps, 'onMade'>) {
  const [made, setMade] = useState<string | null>(null);
  const kept = place.namespace === 'absent' || place.namespace === 'others';
  if (!kept && made === null) return null;
  return (
    <div className="pl-6.5">
      {kept ? (
        <NamespaceNotice {...{ place, makeNamespace }} onMade={setMade} />
      ) : (
        <Notice tone="good" title={made} live />
      )}
    </div>
  );
}
