import './globals.css';
import type { Metadata, Viewport } from 'next';
import { connection } from 'next/server';
import type { ReactNode } from 'react';
import { THEME_SCRIPT } from '@/lib/headers/theme-script';
import { mono, sans } from './fonts';

export const metadata: Metadata = {
  title: { default: 'AetherStack', template: '%s · AetherStack' },
  description:
    'Release the backend, the editor extension, the dashboard and the docs from one place, and see what is live where.',
  referrer: 'no-referrer',
};

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  viewportFit: 'cover',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f8fafa' },
    { media: '(prefers-color-scheme: dark)', color: '#0b0f10' },
  ],
};

/** Shared with the static public part: it reads no cookie and no header. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  // Where the proxy cannot read the build's files, each page is made for its request and carries that one's nonce.
  if (process.env.AETHERSTACK_BUILT_IN === '') await connection();
  return (
    <html lang="en" className={`${sans.variable} ${mono.variable}`} suppressHydrationWarning>
      <head>
        {/* Blocks on purpose: it sets the theme before the first paint. The content policy knows it by its hash. */}
        <script data-theme-script="">{THEME_SCRIPT}</script>
      </head>
      <body className="min-h-dvh">{children}</body>
    </html>
  );
}
