'use client';

import './globals.css';

interface GlobalErrorProps {
  error: Error & { digest?: string };
  reset: () => void;
}

/** The last net: it replaces the root layout, so it brings its own document and no component that could fail again. */
export default function GlobalError({ error, reset }: GlobalErrorProps) {
  return (
    <html lang="en">
      <head>
        <title>Something broke · AetherStack</title>
      </head>
      <body className="grid min-h-dvh place-items-center p-4">
        <main className="grid max-w-prose justify-items-start gap-2">
          <h1 className="text-xl font-semibold">This page broke while it was drawn</h1>
          <p className="text-ink-soft">
            Nothing that you started was stopped by it: deployments go on without this page. Draw it again; if it breaks
            once more, give the code below to whoever runs this console.
          </p>
          {error.digest ? <code className="rounded bg-raised px-2 py-1 text-xs">{error.digest}</code> : null}
          <button
            type="button"
            onClick={reset}
            className="mt-2 h-8 rounded-md bg-accent px-3 text-sm font-medium text-accent-ink hover:bg-accent-strong"
          >
            Draw it again
          </button>
        </main>
      </body>
    </html>
  );
}
