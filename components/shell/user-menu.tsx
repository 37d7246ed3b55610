'use client';

import { type ComponentProps, type ReactNode, useState } from 'react';
import { Avatar } from '@/components/ui/avatar';
import { Fetched, fetched } from '@/components/ui/fetched';
import type { Viewer } from './shell-types';

const { Part: UserPanel, warm } = fetched(() => import('./user-panel').then((file) => file.UserPanel));

interface UserMenuProps {
  viewer: Viewer;
  signOut: ReactNode;
  onShowShortcuts: () => void;
}

function Face({ viewer, ...rest }: ComponentProps<'button'> & { viewer: Viewer }) {
  return (
    <button
      type="button"
      {...rest}
      aria-label={`Your account: ${viewer.name}, ${viewer.role}`}
      className="inline-flex size-8 items-center justify-center rounded-full hover:bg-raised pointer-coarse:size-10"
    >
      <Avatar name={viewer.name} size="md" />
    </button>
  );
}

/** The face in the header; its panel is fetched at the first sign of interest. */
export function UserMenu({ viewer, signOut, onShowShortcuts }: UserMenuProps) {
  const [wanted, setWanted] = useState(false);
  const closed = (
    <Face
      viewer={viewer}
      aria-haspopup="dialog"
      aria-expanded={false}
      onPointerEnter={warm}
      onFocus={warm}
      onClick={() => setWanted(true)}
    />
  );
  if (!wanted) return closed;
  return (
    <Fetched waiting={closed} over>
      <UserPanel
        viewer={viewer}
        trigger={<Face viewer={viewer} />}
        signOut={signOut}
        onShowShortcuts={onShowShortcuts}
      />
    </Fetched>
  );
}
