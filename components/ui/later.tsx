'use client';

import type { ComponentType, ReactNode } from 'react';
import { Fetched, fetched } from './fetched';

/**
 * A component whose code is fetched when it is first rendered: for dialogs and for what stands under data that the
 * browser asks for itself. `waiting` has the shape of what comes, so that nothing moves; a dialog has none.
 */
export function later<P extends object>(
  load: () => Promise<ComponentType<P>>,
  waiting: ReactNode = null,
): ComponentType<P> {
  const { Part } = fetched(load);
  return function Later(props: P) {
    return (
      <Fetched waiting={waiting} over={waiting === null}>
        <Part {...props} />
      </Fetched>
    );
  };
}
