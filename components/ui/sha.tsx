import { cn } from './cn';
import { CopyButton } from './copy-button';

interface ShaProps {
  /** The whole id; the first seven characters are shown. */
  value: string;
  href?: string;
  copy?: boolean;
  className?: string;
}

/** A commit or digest, short on screen and whole in the clipboard. `sha256:` and the like are skipped. */
export function Sha({ value, href, copy = false, className }: ShaProps) {
  const short = (value.split(':').at(-1) ?? value).slice(0, 7);
  const look = cn('font-mono text-[0.92em]', className);
  return (
    <span className="inline-flex items-center gap-0.5">
      {href ? (
        <a
          href={href}
          title={value}
          target="_blank"
          rel="noreferrer"
          className={cn(look, 'underline decoration-line-strong underline-offset-3 hover:decoration-current')}
        >
          {short}
        </a>
      ) : (
        <code title={value} className={look}>
          {short}
        </code>
      )}
      {copy ? <CopyButton value={value} label={`Copy ${value}`} className="-my-1.5 size-6" /> : null}
    </span>
  );
}
