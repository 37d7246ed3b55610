'use client';

import { type ComponentType, type ReactNode, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { Fetched, fetched } from './fetched';

/**
 * A component whose code is fetched when it is first rendered: for dialogs and for what stands beside the main thing of
 * a page. `waiting` has the shape of what comes, so that nothing moves; a dialog has none, and is never drawn by a server.
 */
export function later<P extends object>(
  load: () => Promise<ComponentType<P>>,
  waiting: ReactNode = null,
): ComponentType<P> {
  const { Part, warm } = fetched(load);
  if (waiting === null) {
    return function LaterOver(props: P) {
      return (
        <Fetched over>
          <Part {...props} />
        </Fetched>
      );
    };
  }
  // A server that has the code when it first draws sends the part at once, not a place that is filled under the pointer.
  if (typeof window === 'undefined') warm();
  return function Later(props: P) {
    const [first] = useState(props);
    const [alive, setAlive] = useState(false);
    // React throws away what the server drew when news reaches it before its code: until then it keeps what it came with.
    const shown = alive ? props : first;
    return useMemo(
      () => (
        <Fetched waiting={waiting}>
          <Drawn onAlive={setAlive}>
            <Part {...shown} />
          </Drawn>
        </Fetched>
      ),
      [shown],
    );
  };
}

const never = () => () => undefined;

/**
 * What the server drew has no code yet, and React drops a press on it: its buttons and fields are disabled until the code
 * is there. Links work without. Stands inside the boundary, so it comes alive together with what it holds.
 */
function Drawn({ onAlive, children }: { onAlive: (alive: true) => void; children: ReactNode }) {
  useEffect(() => onAlive(true), [onAlive]);
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
