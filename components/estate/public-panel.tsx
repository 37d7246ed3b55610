'use client';

import { later } from '@/components/ui/later';
import { Skeleton } from '@/components/ui/skeleton';

/** Stands below the form of a target, so its code comes after it. */
export const PublicPanel = later(
  () => import('./public-switch').then((file) => file.PublicSwitch),
  <Skeleton className="mt-5 h-32 max-w-3xl" />,
);
