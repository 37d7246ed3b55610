'use client';

import { RotateCw } from 'lucide-react';
import { Component, type ComponentType, lazy, type ReactNode, Suspense } from 'react';
import { Button } from './button';
import { Notice } from './notice';

/** The code of a part did not come: no network, or a newer build has taken the place of this page's. */
export class NotFetched extends Error {}

/** A component whose code comes when it is first rendered, inside `Fetched`; `warm` fetches it ahead, and never fails. */
export function fetched<P extends object>(load: () => Promise<ComponentType<P>>) {
  const found = () =>
    load().then(
      (component) => ({ default: component }),
      (cause: unknown) => {
        throw new NotFetched('A part of the page could not be fetched.', { cause });
      },
    );
  return { Part: lazy(found), warm: () => void load().catch(() => undefined) };
}

interface FetchedProps {
  children: ReactNode;
  /** Stands there until the part has come. */
  waiting?: ReactNode;
  /** It opens over the page: what waits goes on standing there, and the notice is at the foot of the screen. */
  over?: boolean;
}

interface FetchedState {
  error: unknown;
}

/** Around a part that is fetched later: where it cannot be, the page stands, says so, and offers to reload. */
export class Fetched extends Component<FetchedProps, FetchedState> {
  override state: FetchedState = { error: null };

  static getDerivedStateFromError(error: unknown): FetchedState {
    return { error };
  }

  override render() {
    const { error } = this.state;
    const { children, waiting = null, over = false } = this.props;
    if (error === null) return <Suspense fallback={waiting}>{children}</Suspense>;
    // What broke while it was drawn is the page's fault, and the page's own boundary says so.
    if (!(error instanceof NotFetched)) throw error;
    if (!over) return <Missing />;
    return (
      <>
        {waiting}
        <div className="fixed inset-x-3 bottom-18 z-50 mx-auto max-w-120 rounded-md bg-surface md:bottom-4">
          <Missing />
        </div>
      </>
    );
  }
}

function Missing() {
  return (
    <Notice
      tone="warn"
      live
      title="A part of this page could not be fetched"
      action={
        <Button size="sm" icon={<RotateCw aria-hidden />} onClick={() => window.location.reload()}>
          Reload
        </Button>
      }
    >
      Either there is no network, or the console was updated since this page was opened.
    </Notice>
  );
}
