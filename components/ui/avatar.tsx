import { cn } from './cn';

function initials(name: string): string {
  const words = name
    .trim()
    .split(/[\s._-]+/)
    .filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters
    .map((word) => Array.from(word ?? '?')[0] ?? '?')
    .join('')
    .toUpperCase();
}

interface AvatarProps {
  name: string;
  /** Read the name out; leave out when it stands beside. */
  labelled?: boolean;
  size?: 'sm' | 'md';
  className?: string;
}

/** Initials of a person or an automation. */
export function Avatar({ name, labelled = false, size = 'sm', className }: AvatarProps) {
  return (
    <span
      title={name}
      className={cn(
        'inline-flex shrink-0 select-none items-center justify-center rounded-full bg-accent-wash font-medium text-accent',
        size === 'sm' ? 'size-5 text-[0.5625rem]' : 'size-7 text-2xs',
        className,
      )}
    >
      <span aria-hidden>{initials(name)}</span>
      {labelled ? <span className="sr-only">{name}</span> : null}
    </span>
  );
}
