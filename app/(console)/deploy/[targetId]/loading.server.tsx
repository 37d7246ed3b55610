import { ComposerSkeleton } from '@/components/composer/composer-skeleton';

export default function ComposerLoading() {
  return <ComposerSkeleton />;
}
