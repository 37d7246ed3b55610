'use client';

import { type ReactElement, useState } from 'react';
import { Button, type ButtonProps, IconButton, type IconButtonProps } from './button';
import { Fetched, fetched } from './fetched';
import type { MenuEntry } from './menu';

const { Part: Menu, warm } = fetched(() => import('./menu').then((file) => file.Menu));

type Look = ({ kind: 'text' } & ButtonProps) | ({ kind: 'icon' } & IconButtonProps);

interface MenuButtonProps {
  entries: readonly MenuEntry[];
  align?: 'start' | 'end';
  /** The button: `{ kind: 'text', children: 'Actions' }` or `{ kind: 'icon', label, icon }`. */
  button: Look;
}

function Face(look: Look): ReactElement {
  if (look.kind === 'icon') {
    const { kind: _, ...rest } = look;
    return <IconButton {...rest} />;
  }
  const { kind: _, ...rest } = look;
  return <Button {...rest} />;
}

/** A Menu whose code is fetched at the first sign of interest: for rows and headers of first screens. */
export function MenuButton({ entries, align, button }: MenuButtonProps) {
  const [open, setOpen] = useState<boolean | null>(null);
  const closed = (
    <Face
      {...button}
      aria-haspopup="menu"
      aria-expanded={false}
      onPointerEnter={warm}
      onFocus={warm}
      onClick={() => setOpen(true)}
    />
  );
  if (open === null) return closed;
  return (
    <Fetched waiting={closed} over>
      <Menu trigger={<Face {...button} />} entries={entries} align={align} open={open} onOpenChange={setOpen} />
    </Fetched>
  );
}
