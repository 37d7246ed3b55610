'use client';

import { later } from '@/components/ui/later';
import { Skeleton } from '@/components/ui/skeleton';

/** Stands below the form of a target, so its code comes after it. */
export const RuntimePanel = later(
  () => import('./runtime-form').then((file) => file.RuntimeForm),
  <Skeleton className="mt-5 h-48 max-w-3xl" />,
);
