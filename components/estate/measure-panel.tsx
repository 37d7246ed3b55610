'use client';

import { later } from '@/components/ui/later';
import { Skeleton } from '@/components/ui/skeleton';

/** Stands below the form of a target, so its code comes after it. */
export const MeasurePanel = later(
  () => import('./measure-form').then((file) => file.MeasureForm),
  <Skeleton className="mt-5 h-96 max-w-3xl" />,
);
