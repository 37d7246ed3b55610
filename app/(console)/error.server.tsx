'use client';

const button =
  'inline-flex h-8 shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md border px-3 text-sm font-medium transition-colors duration-100 pointer-coarse:h-11';

/** As lucide draws it. */
function Again() {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      className="size-3.5 shrink-0"
    >
      <path d="M21 12a9 9 0 1 1-9-9c2.52 0 4.93 1 6.74 2.74L21 8" />
      <path d="M21 3v5h-5" />
    </svg>
  );
}

/**
 * The page broke; the console around it did not. Every page loads this ahead, so it brings none of our components: they
 * would come once more than the page's own. The way out is a new document, whatever is left of this one.
 */
export default function ConsoleError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <div role="alert" className="rounded-lg border border-line bg-surface">
      <h1 className="sr-only">Something broke</h1>
      <div className="grid justify-items-center gap-1 px-6 py-10 text-center">
        <p className="text-sm font-medium">This page could not be shown</p>
        <p className="max-w-prose text-pretty text-sm text-ink-soft">
          The console could not read what belongs here. Deployments go on without this page. If it stays, look in the
          server log{error.digest ? ' for ' : ''}
          {error.digest ? <code className="break-words font-mono text-[0.92em]">{error.digest}</code> : null}.
        </p>
        <div className="mt-3 flex flex-wrap justify-center gap-2">
          <button
            type="button"
            onClick={reset}
            className={`${button} border-transparent bg-accent text-accent-ink hover:bg-accent-strong`}
          >
            <Again />
            Try again
          </button>
          <a href="/now" className={`${button} border-line-strong bg-surface text-ink hover:bg-raised`}>
            Go to Now
          </a>
        </div>
      </div>
    </div>
  );
}
