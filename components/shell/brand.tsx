import { cn } from '@/components/ui/cn';
import { Link } from '@/components/ui/link';

/** Three stacked layers; takes the colour of the text around it. */
export function BrandMark({ className }: { className?: string }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinejoin="round"
      strokeLinecap="round"
      className={cn('size-5 shrink-0', className)}
    >
      <path d="M12 3.5 20.5 8 12 12.5 3.5 8z" fill="currentColor" />
      <path d="m3.5 12.5 8.5 4.5 8.5-4.5" strokeOpacity=".75" />
      <path d="m3.5 16.8 8.5 4.5 8.5-4.5" strokeOpacity=".4" />
    </svg>
  );
}

/** Mark and name, linked to the first screen. `labelClass` hides the word where there is no room. */
export function Brand({ href, labelClass }: { href: string; labelClass?: string }) {
  return (
    <Link href={href} className="flex items-center gap-2 rounded text-sm font-semibold tracking-[-0.01em]">
      <BrandMark className="text-accent" />
      <span className={labelClass}>AetherStack</span>
    </Link>
  );
}
