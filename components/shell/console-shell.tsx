'use client';

import { useRouter } from 'next/navigation';
import { type ComponentType, type ReactNode, useEffect, useState } from 'react';
import { fetched } from '@/components/ui/fetched';
import { useIdle } from '@/components/ui/idle';
import { later } from '@/components/ui/later';
import { Optional } from '@/components/ui/optional';
import { useShortcuts } from '@/components/ui/shortcuts';
import { BottomBar } from './bottom-bar';
import { Rail } from './rail';
import { SandboxBanner } from './sandbox-banner';
import { ShellHeader } from './shell-header';
import type { NavItem, PaletteProps, Viewer } from './shell-types';
import { themeAgain } from './theme-again';
import { TopBar } from './top-bar';

const ShortcutsDialog = later(() => import('./shortcuts-dialog').then((file) => file.ShortcutsDialog));
const { Part: Toaster } = fetched(() => import('@/components/ui/toaster').then((file) => file.Toaster));

export interface ConsoleShellProps {
  /** The first is home; the first four stand in the phone's bar. */
  nav: readonly NavItem[];
  viewer: Viewer;
  /** A LiveIndicator, usually one bound to the event stream. */
  live: ReactNode;
  /** The sign-out form with its button. */
  signOut: ReactNode;
  /** Say that providers are simulated. */
  sandbox?: boolean;
  /** The palette, rendered once it is wanted; better one that is fetched then. */
  palette: ComponentType<PaletteProps>;
  children: ReactNode;
}

/** The frame around every console screen. It fetches nothing: all of it comes by props. */
export function ConsoleShell(props: ConsoleShellProps) {
  const { nav, viewer, live, signOut, sandbox = false, palette: Palette, children } = props;
  const router = useRouter();
  // null until first wanted, so that neither is downloaded before.
  const [palette, setPalette] = useState<boolean | null>(null);
  const [keys, setKeys] = useState<boolean | null>(null);
  const idle = useIdle();
  useEffect(themeAgain, []);
  const homeHref = nav[0]?.href ?? '/';

  useShortcuts({
    'mod+k': () => setPalette((open) => !open),
    '/': () => setPalette(true),
    '?': () => setKeys(true),
    ...Object.fromEntries(nav.flatMap((item) => (item.key ? [[`g ${item.key}`, () => router.push(item.href)]] : []))),
  });

  return (
    <div className="flex min-h-dvh">
      <a href="#main" className="skip-link">
        Skip to content
      </a>
      <Rail nav={nav} homeHref={homeHref} />
      <div className="flex min-w-0 flex-1 flex-col">
        <header className="sticky top-0 z-30 border-b border-line bg-surface">
          {sandbox ? <SandboxBanner /> : null}
          <ShellHeader
            homeHref={homeHref}
            live={live}
            viewer={viewer}
            signOut={signOut}
            onSearch={() => setPalette(true)}
            onShowShortcuts={() => setKeys(true)}
          />
          <TopBar nav={nav} />
        </header>
        <main
          id="main"
          tabIndex={-1}
          className="mx-auto w-full max-w-370 flex-1 px-3 pt-4 pb-24 outline-none sm:px-4 md:pb-10 lg:px-6 lg:pt-6"
        >
          {children}
        </main>
      </div>
      <BottomBar nav={nav} />
      {palette === null ? null : <Palette open={palette} onOpenChange={setPalette} nav={nav} />}
      {keys === null ? null : <ShortcutsDialog open={keys} onOpenChange={setKeys} nav={nav} />}
      <Optional>{idle ? <Toaster /> : null}</Optional>
    </div>
  );
}
