import { cn } from './cn';

interface ShaProps {
  /** The whole id; the first seven characters are shown. */
  value: string;
  href?: string;
  className?: string;
}

/** A commit or digest, short on screen and whole on its title. `sha256:` and the like are skipped. */
export function Sha({ value, href, className }: ShaProps) {
  const short = (value.split(':').at(-1) ?? value).slice(0, 7);
  const look = cn('font-mono text-[0.92em]', className);
  if (!href)
    return (
      <code title={value} className={look}>
        {short}
      </code>
    );
  return (
    <a
      href={href}
      title={value}
      target="_blank"
      rel="noreferrer"
      className={cn(look, 'underline decoration-line-strong underline-offset-3 hover:decoration-current')}
    >
      {short}
    </a>
  );
}
