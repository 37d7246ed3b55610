import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { addAbortSignal } from 'node:stream';

/** Control, format, tag and direction characters, line break and tab left out: a message must not move the cursor or hide text. */
const INVISIBLE = /(?![\t\n])\p{Cc}|[\p{Cf}\p{Zl}\p{Zp}\u{e0000}-\u{e007f}]/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: a colour begins with one.
const COLOUR = /\x1b\[[0-9;]*m/g;

/** By UTF-16 units, so that it stays good JSON inside a string. */
function escaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');
}

/** Text from elsewhere, safe to print: what cannot be seen is written out. Colours are dropped. */
export function visible(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(COLOUR, '').replace(INVISIBLE, escaped);
}

/** As `visible`, on one line. */
export function oneLine(text: string): string {
  return visible(text).replace(/\s*[\n\t]\s*/g, ' ');
}

/** JSON that is safe to print as well. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(INVISIBLE, escaped);
}

/** Columns as wide as their widest cell, separated by two spaces. */
export function table(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map(oneLine));
  const widths: number[] = [];
  for (const row of cells)
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, [...cell].length);
  const padded = (cell: string, at: number) => cell + ' '.repeat((widths[at] ?? 0) - [...cell].length);
  return cells.map((row) => row.map(padded).join('  ').trimEnd()).join('\n');
}

/** `oneLine` of each, below one another: no text from elsewhere can look like a line of ours. */
export function lines(texts: readonly string[]): string {
  return texts.map(oneLine).join('\n');
}

/** How a terminal prints, whoever it is: no command can forget what must not get there. `jsonText` stays as it is. */
export function printing(write: (text: string) => void): (text: string) => void {
  return (text) => write(`${visible(text)}\n`);
}

/** Where a command reads and writes; a test gives its own. */
export interface Terminal {
  say(line: string): void;
  /** A file as it is, byte by byte; on a screen without what cannot be seen. Waits while the reader is slow. */
  pass(bytes: Uint8Array): Promise<void>;
  /** Beside the result: progress, refusals. */
  note(line: string): void;
  /** False when nobody sits there. */
  interactive: boolean;
  ask(question: string): Promise<string>;
  /** Everything on standard input, for a secret that is piped in. */
  readAll(): Promise<string>;
  signal: AbortSignal;
}

async function pass(bytes: Uint8Array, decoder: TextDecoder): Promise<void> {
  const out = process.stdout.isTTY ? visible(decoder.decode(bytes, { stream: true })) : bytes;
  if (!process.stdout.write(out)) await once(process.stdout, 'drain');
}

export function processTerminal(signal: AbortSignal): Terminal {
  const decoder = new TextDecoder();
  return {
    pass: (bytes) => pass(bytes, decoder),
    say: printing((text) => void process.stdout.write(text)),
    note: printing((text) => void process.stderr.write(text)),
    interactive: process.stdin.isTTY === true && process.stderr.isTTY === true,
    ask: async (question) => {
      const lines = createInterface({ input: process.stdin, output: process.stderr });
      try {
        // On a terminal Ctrl-C arrives here and not as a signal.
        lines.on('SIGINT', () => process.emit('SIGINT'));
        return await lines.question(question, { signal });
      } finally {
        lines.close();
      }
    },
    readAll: async () => {
      let text = '';
      for await (const piece of addAbortSignal(signal, process.stdin)) text += String(piece);
      return text;
    },
    signal,
  };
}
