import localFont from 'next/font/local';

/*
 * `optional`: letters that come later than the page wait for the next one. Swapped in under a page that stands, their
 * other width wraps lines anew and moves what a pointer aims at.
 */
export const sans = localFont({
  src: '../node_modules/geist/dist/fonts/geist-sans/Geist-Variable.woff2',
  variable: '--font-geist-sans',
  weight: '100 900',
  display: 'optional',
});

export const mono = localFont({
  src: '../node_modules/geist/dist/fonts/geist-mono/GeistMono-Variable.woff2',
  variable: '--font-geist-mono',
  weight: '100 900',
  display: 'optional',
  // The metrics of Arial would make each letter as wide as a proportional one.
  adjustFontFallback: false,
});
