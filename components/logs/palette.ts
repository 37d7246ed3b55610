import type { AnsiColour, AnsiStyle } from './style';

const magenta = 'text-[light-dark(oklch(0.48_0.17_325),oklch(0.79_0.12_325))]';

/** Terminal colours as the theme's own, by index modulo 8: each is readable on the log and on every wash. */
const INK = [
  'text-ink-faint',
  'text-bad',
  'text-good',
  'text-warn',
  'text-busy',
  magenta,
  'text-accent',
  'text-ink',
] as const;

const WASH = [
  'bg-raised',
  'bg-bad-wash',
  'bg-good-wash',
  'bg-warn-wash',
  'bg-busy-wash',
  'bg-[light-dark(oklch(0.96_0.02_325),oklch(0.275_0.055_325))]',
  'bg-accent-wash',
  'bg-raised',
] as const;

/** Bright black is grey; the other bright ones stand out by weight, since a lighter hue would not be readable. */
function ink(colour: AnsiColour): string {
  return `${INK[colour % 8] ?? ''}${colour > 8 ? ' font-medium' : ''}`;
}

/** Class names of one run of text; empty for plain text. */
export function styleClasses(style: AnsiStyle): string {
  const { fg, bg, inverse } = style;
  const names = [
    fg !== null ? ink(fg) : style.dim ? 'text-ink-faint' : '',
    bg !== null ? `${WASH[bg % 8] ?? ''} rounded-xs` : '',
    inverse && bg === null ? `${fg === null ? 'bg-raised' : (WASH[fg % 8] ?? '')} rounded-xs` : '',
    style.bold ? 'font-semibold' : '',
    style.italic ? 'italic' : '',
    style.underline ? 'underline' : '',
    style.strike ? 'line-through' : '',
  ];
  return names.filter(Boolean).join(' ');
}
