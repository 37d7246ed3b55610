import { crc32, deflateSync } from 'node:zlib';
import { GLYPHS } from './glyphs';

const WIDTH = 640;
const HEIGHT = 400;
/** Red, green, blue. */
const PAPER = [250, 250, 249] as const;
const INK = [28, 25, 23] as const;
const FAINT = [168, 162, 158] as const;
const LINE = [231, 229, 228] as const;
const SERVER = [37, 99, 235] as const;
const FILES = [5, 122, 85] as const;
const COLOURS = [PAPER, INK, FAINT, LINE, SERVER, FILES] as const;
type Colour = (typeof COLOURS)[number];

export interface Pictured {
  /** What stands in the page's head. */
  name: string;
  branch: string;
  sha: string;
  /** `ssr` or `ssg`. */
  mode: string;
}

/** A picture of a deploy as its host would have taken it, drawn without a browser: a PNG of a page that says what it is. */
export function pictureOf({ name, branch, sha, mode }: Pictured): Uint8Array<ArrayBuffer> {
  const page = new Canvas();
  const accent = mode === 'ssg' ? FILES : SERVER;
  page.box([0, 0, WIDTH, 56], accent);
  page.write(name, [32, 18], 3, PAPER);
  page.write(`BUILD ${sha.slice(0, 7)}`, [32, 104], 5, INK);
  page.write(`BRANCH ${branch}`, [32, 160], 2, FAINT);
  page.box([32, 196, 260, 52], accent);
  page.write(mode === 'ssg' ? 'SSG: FILES' : 'SSR: SERVER', [48, 210], 3, PAPER);
  // A place for each digit of the commit, so that no two builds look alike.
  for (const [at, digit] of [...sha.slice(0, 12)].entries()) {
    const tall = 12 + 6 * Number.parseInt(digit, 16);
    page.box([32 + at * 48, 376 - tall, 36, tall], at % 3 === 0 ? accent : LINE);
  }
  return page.png();
}

class Canvas {
  readonly #pixels = new Uint8Array(WIDTH * HEIGHT);

  box([left, top, width, height]: readonly [number, number, number, number], colour: Colour): void {
    const ink = COLOURS.indexOf(colour);
    for (let y = top; y < Math.min(top + height, HEIGHT); y++)
      this.#pixels.fill(ink, y * WIDTH + left, y * WIDTH + Math.min(left + width, WIDTH));
  }

  /** Letters of 5 by 7 dots, each dot `size` pixels; what is not known is a gap. */
  write(text: string, [left, top]: readonly [number, number], size: number, colour: Colour): void {
    const room = Math.floor((WIDTH - left) / (6 * size));
    for (const [at, letter] of [...text.toUpperCase()].slice(0, room).entries())
      for (const [row, dots] of [...(GLYPHS[letter] ?? '')].entries())
        for (let dot = 0; dot < 5; dot++)
          if (Number.parseInt(dots, 32) & (16 >> dot))
            this.box([left + (at * 6 + dot) * size, top + row * size, size, size], colour);
  }

  /** Source: https://www.w3.org/TR/png-3/ (chunks; colour type 3: each pixel is a place in the palette) */
  png(): Uint8Array<ArrayBuffer> {
    const head = Buffer.alloc(13);
    head.writeUInt32BE(WIDTH, 0);
    head.writeUInt32BE(HEIGHT, 4);
    head.set([8, 3, 0, 0, 0], 8);
    // Each line begins with its filter: none.
    const lines = Buffer.alloc((WIDTH + 1) * HEIGHT);
    for (let y = 0; y < HEIGHT; y++) lines.set(this.#pixels.subarray(y * WIDTH, (y + 1) * WIDTH), y * (WIDTH + 1) + 1);
    const parts = [
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      chunk('IHDR', head),
      chunk('PLTE', Buffer.from(COLOURS.flat())),
      chunk('IDAT', deflateSync(lines)),
      chunk('IEND', Buffer.alloc(0)),
    ];
    return new Uint8Array(Buffer.concat(parts));
  }
}

function chunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}
