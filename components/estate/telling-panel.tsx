'use client';

import { later } from '@/components/ui/later';
import { Skeleton } from '@/components/ui/skeleton';

/** Stands below the form of a target, so its code comes after it. */
export const TellingPanel = later(
  () => import('./telling-choice').then((file) => file.TellingChoice),
  <Skeleton className="mt-5 h-96 max-w-3xl" />,
);
