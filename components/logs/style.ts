/** One of the 16 terminal colours: 0–7 normal, 8–15 bright. */
export type AnsiColour = number;

export interface AnsiStyle {
  readonly fg: AnsiColour | null;
  readonly bg: AnsiColour | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly strike: boolean;
  readonly inverse: boolean;
}

export const PLAIN: AnsiStyle = {
  fg: null,
  bg: null,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  strike: false,
  inverse: false,
};

/** Codes that set one thing. Conceal (8) and blink (5, 6) are not here: a log never hides text nor flashes. */
const SIMPLE: Record<number, Partial<AnsiStyle>> = {
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  9: { strike: true },
  21: { underline: true },
  22: { bold: false, dim: false },
  23: { italic: false },
  24: { underline: false },
  27: { inverse: false },
  29: { strike: false },
  39: { fg: null },
  49: { bg: null },
};

/** The six coloured terminal entries by hue: 0° red, 60° yellow, 120° green, 180° cyan, 240° blue, 300° magenta. */
const BY_HUE = [1, 3, 2, 6, 4, 5] as const;

/** Nearest of the 16, by hue and lightness, so that every colour stays readable in both themes. */
export function nearestColour(r: number, g: number, b: number): AnsiColour {
  const max = Math.max(r, g, b);
  const min = Math.min(r, g, b);
  const spread = max - min;
  const light = (max + min) / 2;
  if (spread < 32) return light < 48 ? 0 : light < 144 ? 8 : light < 216 ? 7 : 15;
  const sixth = max === r ? (g - b) / spread : max === g ? 2 + (b - r) / spread : 4 + (r - g) / spread;
  const base = BY_HUE[(Math.round(sixth) + 6) % 6] ?? 7;
  return light > 150 ? base + 8 : base;
}

/** The xterm table: 16 named, a 6×6×6 cube, 24 greys. */
function fromTable(n: number): AnsiColour | null {
  if (n < 0 || n > 255) return null;
  if (n < 16) return n;
  if (n >= 232) {
    const grey = 8 + (n - 232) * 10;
    return nearestColour(grey, grey, grey);
  }
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  const at = n - 16;
  return nearestColour(level(Math.floor(at / 36)), level(Math.floor(at / 6) % 6), level(at % 6));
}

function byte(value: number | undefined): number {
  return Math.min(Math.max(value ?? 0, 0), 255);
}

/** Reads the arguments after 38 or 48; answers the colour and how many parameters it took. */
function extended(codes: readonly number[], at: number): { colour: AnsiColour | null; taken: number } {
  const kind = codes[at + 1];
  if (kind === 5) return { colour: fromTable(codes[at + 2] ?? -1), taken: 2 };
  if (kind === 2)
    return { colour: nearestColour(byte(codes[at + 2]), byte(codes[at + 3]), byte(codes[at + 4])), taken: 4 };
  return { colour: null, taken: 0 };
}

function basic(code: number): Partial<AnsiStyle> | null {
  if (code >= 30 && code <= 37) return { fg: code - 30 };
  if (code >= 40 && code <= 47) return { bg: code - 40 };
  if (code >= 90 && code <= 97) return { fg: code - 82 };
  if (code >= 100 && code <= 107) return { bg: code - 92 };
  return SIMPLE[code] ?? null;
}

/** `4:3` is a curly underline, `4:0` none; `38:2::r:g:b` carries a colour space that we skip. */
function flatten(parameter: string): number[] {
  const parts = parameter.split(':');
  const head = Number(parts[0]) || 0;
  if (parts.length === 1) return [head];
  if (head === 4) return [parts[1] === '0' ? 24 : 4];
  if (head !== 38 && head !== 48) return [];
  if (parts[1] === '2' && parts.length >= 6) parts.splice(2, 1);
  return parts.map((part) => Number(part) || 0);
}

/**
 * Applies one "select graphic rendition" sequence (the text between `ESC [` and `m`).
 * Source: ECMA-48 §8.3.117 and ITU-T T.416 for the colon forms.
 */
export function applySgr(style: AnsiStyle, parameters: string): AnsiStyle {
  const codes = parameters.split(';').flatMap(flatten);
  let next = style;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0;
    if (code === 0) next = PLAIN;
    else if (code === 38 || code === 48 || code === 58) {
      const { colour, taken } = extended(codes, i);
      if (colour !== null && code !== 58) next = { ...next, ...(code === 38 ? { fg: colour } : { bg: colour }) };
      i += taken;
    } else next = { ...next, ...basic(code) };
  }
  return next;
}

export function sameStyle(a: AnsiStyle, b: AnsiStyle): boolean {
  return (
    a === b ||
    (a.fg === b.fg &&
      a.bg === b.bg &&
      a.bold === b.bold &&
      a.dim === b.dim &&
      a.italic === b.italic &&
      a.underline === b.underline &&
      a.strike === b.strike &&
      a.inverse === b.inverse)
  );
}
