'use client';

import { type ComponentType, type ReactNode, useSyncExternalStore } from 'react';
import { Fetched, fetched } from './fetched';

/**
 * A component whose code is fetched when it is first rendered: for dialogs and for what stands beside the main thing of
 * a page. `waiting` has the shape of what comes, so that nothing moves; a dialog has none, and is never drawn by a server.
 */
export function later<P extends object>(
  load: () => Promise<ComponentType<P>>,
  waiting: ReactNode = null,
): ComponentType<P> {
  const { Part } = fetched(load);
  if (waiting === null) {
    return function LaterOver(props: P) {
      return (
        <Fetched over>
          <Part {...props} />
        </Fetched>
      );
    };
  }
  return function Later(props: P) {
    return (
      <Fetched waiting={waiting}>
        <Drawn>
          <Part {...props} />
        </Drawn>
      </Fetched>
    );
  };
}

const never = () => () => undefined;

/**
 * What the server drew has no code yet, and React drops a press on it: its buttons and fields are disabled until the code
 * is there. Links work without. Stands inside the boundary, so it comes alive together with what it holds.
 */
function Drawn({ children }: { children: ReactNode }) {
  const alive = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  return (
    <fieldset role="none" disabled={!alive} className="contents *:min-w-0">
      {children}
    </fieldset>
  );
}
