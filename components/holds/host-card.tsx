import { ExternalLink, Rocket, Server } from 'lucide-react';
import { ButtonLink } from '@/components/ui/button-link';
import { RelativeTime } from '@/components/ui/relative-time';
import type { HostHold } from '@/lib/gates/model/view';
import { HeldBackList } from './held-back';
import { scopeInWords } from './scope-words';

/** A hold of the host itself: why, since when, what waits because of it, and where it is resolved. */
export function HostCard({ hold }: { hold: HostHold }) {
  const where = scopeInWords(hold.scope);
  return (
    <li className="grid gap-2 px-4 py-3">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-1.5">
        <div className="grid min-w-0 flex-1 basis-56 gap-0.5">
          <h3 className="flex items-center gap-2 text-sm font-medium">
            <Server aria-hidden className="size-3.5 shrink-0 text-ink-faint" />
            <span className="min-w-0 wrap-anywhere">{where}</span>
          </h3>
          <p className="wrap-anywhere text-sm text-ink-soft">{hold.sentence}</p>
          <p className="text-xs text-ink-faint">
            Found <RelativeTime at={hold.since} />, last looked at <RelativeTime at={hold.seenAt} />
            {hold.url ? (
              <>
                {' · '}
                <a href={hold.url} target="_blank" rel="noreferrer" className="rounded-sm underline hover:text-ink">
                  what it serves, at the host
                  <ExternalLink aria-hidden className="ml-1 inline size-3 align-baseline" />
                </a>
              </>
            ) : null}
          </p>
        </div>
        {hold.scope.component ? (
          <ButtonLink
            href={`/components/${hold.scope.component.slug}`}
            size="sm"
            icon={<Rocket aria-hidden />}
            aria-label={`Put a build live: ${where}`}
          >
            Put a build live
          </ButtonLink>
        ) : null}
      </div>
      <HeldBackList heldBack={hold.heldBack} asks={false} />
    </li>
  );
}
