import { Notice } from '@/components/ui/notice';

/** Over a page whose address asks for something that there is not. Nothing where it does not. */
export function IgnoredNotice({ names, className }: { names: readonly string[]; className?: string }) {
  if (names.length === 0) return null;
  const title = `The address says something about ${names.join(' and ')} that does not exist; it is left out.`;
  return <Notice className={className} tone="warn" title={title} />;
}
