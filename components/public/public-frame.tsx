import type { ReactNode } from 'react';
import { Brand } from '@/components/shell/brand';
import { ButtonLink } from '@/components/ui/button-link';
import { buttonStyles } from '@/components/ui/button-styles';

interface PublicFrameProps {
  children: ReactNode;
  /** Where the console's sign-in is; null on a site that knows no console. */
  signIn: string | null;
  docs: string;
}

/** Head and foot of every page that needs no session. */
export function PublicFrame({ children, signIn, docs }: PublicFrameProps) {
  return (
    <div className="mx-auto flex min-h-dvh max-w-260 flex-col px-5 sm:px-8">
      <a href="#content" className="skip-link">
        Skip to the content
      </a>
      <header className="flex min-h-16 flex-wrap items-center justify-between gap-x-4 gap-y-1 py-2">
        <Brand href="/" labelClass="max-sm:sr-only" />
        <nav aria-label="Site" className="flex items-center gap-1">
          <ButtonLink href="/status" variant="quiet" prefetch={false}>
            Status
          </ButtonLink>
          <ButtonLink href="/status/releases" variant="quiet" prefetch={false}>
            Releases
          </ButtonLink>
          <ButtonLink href={docs} variant="quiet" prefetch={false}>
            Docs
          </ButtonLink>
          {/* A plain link on purpose: the console is loaded anew, under a content policy of its own. */}
          {signIn ? (
            <a href={signIn} className={buttonStyles()}>
              Sign in
            </a>
          ) : null}
        </nav>
      </header>
      <main id="content" className="min-w-0 flex-1 pt-8 pb-16 sm:pt-12">
        {children}
      </main>
      <footer className="flex flex-wrap justify-between gap-x-6 gap-y-1 border-t border-line py-5 text-xs text-ink-faint">
        <p>No cookie is set here, and nothing is loaded from elsewhere but the status, where it is kept elsewhere.</p>
        <p>Apache-2.0</p>
      </footer>
    </div>
  );
}
