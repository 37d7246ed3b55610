import { isHighSurrogate, isLowSurrogate, ORDINARY, visible } from './glyphs';
import { type LogLine, type LogSegment, markOf, withoutHead } from './line';
import { type AnsiStyle, applySgr, PLAIN, sameStyle } from './style';

/** Characters shown of one line; the rest is counted, not kept. */
export const MAX_LINE = 4_000;
/** Changes of style kept within one line. */
export const MAX_SEGMENTS = 256;
/** Lines kept; beyond it the oldest go in blocks, since the end of a log says why it failed. */
export const MAX_LINES = 200_000;
const DROP = 20_000;
/** Looked at by one expression at a time: over tens of millions a compiled one runs out of stack. */
const WINDOW = 65_536;
const MAX_PARAMETERS = 64;
const TAB = 8;

const STAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z) /;
const LINE_END = /[\r\n]/g;
const NEWLINE = 10;
const RETURN = 13;
const ESCAPE = 27;

type State = 'ground' | 'escape' | 'charset' | 'csi' | 'string' | 'string-escape';

/**
 * Turns raw log text into lines of plain text with styles. Only colours and weights get through: every other escape
 * (cursor, title, link, device control) is dropped, control and direction characters become visible, and a lone
 * carriage return starts the line over. Text may come in pieces cut anywhere. Source: ECMA-48, xterm's ctlseqs.
 */
export class LogParser {
  readonly lines: LogLine[] = [];
  #style: AnsiStyle = PLAIN;
  #state: State = 'ground';
  #parameters = '';
  #segments: LogSegment[] = [];
  #length = 0;
  #cut = 0;
  #at: string | null = null;
  #number = 1;
  #returned = false;
  #high = 0;
  #fresh = true;

  push(input: string): void {
    let at = 0;
    if (this.#fresh && input.length > 0) {
      this.#fresh = false;
      if (input.charCodeAt(0) === 0xfeff) at = 1;
    }
    while (at < input.length) at = this.#step(input, at);
  }

  /** The line that has no newline yet; null when there is nothing on it. */
  tail(): LogLine | null {
    return this.#length > 0 || this.#at !== null ? this.#build() : null;
  }

  #step(input: string, at: number): number {
    const code = input.charCodeAt(at);
    if (code === NEWLINE) {
      this.#newline();
      return at + 1;
    }
    if (this.#state !== 'ground') return this.#inSequence(code) ? at + 1 : at;
    if (this.#returned && code !== RETURN && code !== ESCAPE) this.#restart();
    if (this.#cut > 0 && !this.#returned && code !== RETURN) return this.#skip(input, at);
    return this.#ground(input, at, code);
  }

  /** Behind the cap: jump to the next line end at native speed. */
  #skip(input: string, at: number): number {
    LINE_END.lastIndex = at;
    const end = LINE_END.exec(input)?.index ?? input.length;
    this.#cut += end - at;
    return end;
  }

  #ground(input: string, at: number, code: number): number {
    if (code === RETURN) {
      this.#flushHigh();
      this.#returned = true;
      return at + 1;
    }
    if (this.#high !== 0 || isHighSurrogate(code) || isLowSurrogate(code)) return this.#surrogate(code) ? at + 1 : at;
    if (code === ESCAPE) {
      this.#state = 'escape';
      return at + 1;
    }
    ORDINARY.lastIndex = 0;
    const run = ORDINARY.exec(input.slice(at, at + WINDOW));
    if (run) {
      this.#run(run[0]);
      return at + run[0].length;
    }
    this.#whole(code === 9 ? ' '.repeat(TAB - (this.#column() % TAB)) : visible(code), 1);
    return at + 1;
  }

  /** True when the character was taken. */
  #surrogate(code: number): boolean {
    if (this.#high === 0) {
      if (isHighSurrogate(code)) this.#high = code;
      else this.#whole('\ufffd', 1);
      return true;
    }
    if (!isLowSurrogate(code)) {
      this.#flushHigh();
      return false;
    }
    const point = (this.#high - 0xd800) * 0x400 + (code - 0xdc00) + 0x10000;
    this.#high = 0;
    const hidden = point >= 0xe0000 && point <= 0xe0fff;
    this.#whole(hidden ? visible(point) : String.fromCodePoint(point), 2);
    return true;
  }

  #flushHigh(): void {
    if (this.#high === 0) return;
    this.#high = 0;
    this.#whole('\ufffd', 1);
  }

  /** One character of an escape sequence; false hands it back to be read as text. */
  #inSequence(code: number): boolean {
    switch (this.#state) {
      case 'escape':
        return this.#afterEscape(code);
      case 'charset':
        if (code >= 0x20 && code <= 0x2f) return true;
        this.#state = 'ground';
        return code >= 0x30 && code <= 0x7e;
      case 'csi':
        return this.#control(code);
      case 'string':
        if (code === 7) this.#state = 'ground';
        else if (code === ESCAPE) this.#state = 'string-escape';
        return true;
      default:
        // `ESC \` ends a string; any other escape inside one starts over as a sequence of its own.
        this.#state = code === 0x5c ? 'ground' : 'escape';
        return code === 0x5c;
    }
  }

  #afterEscape(code: number): boolean {
    if (code === 0x5b) {
      this.#state = 'csi';
      this.#parameters = '';
    } else if (code === 0x5d || code === 0x50 || code === 0x58 || code === 0x5e || code === 0x5f)
      this.#state = 'string';
    else if (code >= 0x20 && code <= 0x2f) this.#state = 'charset';
    else {
      this.#state = 'ground';
      return code >= 0x30 && code <= 0x7e;
    }
    return true;
  }

  #control(code: number): boolean {
    if (code >= 0x20 && code <= 0x3f) {
      if (this.#parameters.length < MAX_PARAMETERS) this.#parameters += String.fromCharCode(code);
      return true;
    }
    this.#state = 'ground';
    if (code === 0x6d && /^[\d;:]*$/.test(this.#parameters)) this.#style = applySgr(this.#style, this.#parameters);
    return code >= 0x40 && code <= 0x7e;
  }

  /** Text that may be cut anywhere. */
  #run(text: string): void {
    const room = MAX_LINE - this.#length;
    this.#add(text.length > room ? text.slice(0, room) : text);
    if (text.length > room) this.#cut += text.length - room;
  }

  /** Text that goes in whole or not at all; `source` is how many characters it stands for. */
  #whole(text: string, source: number): void {
    if (this.#cut > 0 || this.#length + text.length > MAX_LINE) this.#cut += source;
    else this.#add(text);
  }

  #add(text: string): void {
    if (text === '') return;
    this.#length += text.length;
    const last = this.#segments.at(-1);
    if (last && (sameStyle(last.style, this.#style) || this.#segments.length >= MAX_SEGMENTS)) {
      this.#segments[this.#segments.length - 1] = { text: last.text + text, style: last.style };
    } else this.#segments.push({ text, style: this.#style });
  }

  #column(): number {
    const head = this.#segments[0]?.text.slice(0, 40) ?? '';
    return this.#length - (STAMP.exec(head)?.[0].length ?? 0);
  }

  #restart(): void {
    this.#at = STAMP.exec(this.#segments[0]?.text.slice(0, 40) ?? '')?.[1] ?? this.#at;
    this.#segments = [];
    this.#length = 0;
    this.#cut = 0;
    this.#returned = false;
  }

  #build(): LogLine {
    const whole = this.#segments.map((segment) => segment.text).join('');
    const stamp = STAMP.exec(whole.slice(0, 40));
    const head = stamp?.[0].length ?? 0;
    const mark = markOf(whole.slice(head, head + 640));
    const off = head + mark.length;
    return {
      number: this.#number,
      at: stamp?.[1] ?? this.#at,
      kind: mark.kind,
      segments: off === 0 ? [...this.#segments] : withoutHead(this.#segments, off),
      text: whole.slice(off),
      cut: this.#cut,
    };
  }

  #newline(): void {
    this.#flushHigh();
    this.lines.push(this.#build());
    if (this.lines.length > MAX_LINES) this.lines.splice(0, DROP);
    // A sequence or a style that a cut or broken line left open must not colour the rest of the log.
    if (this.#cut > 0) this.#style = PLAIN;
    this.#state = 'ground';
    this.#number++;
    this.#restart();
    this.#at = null;
  }
}

/** A whole log at once: its lines, with the unfinished last one. */
export function parseLog(text: string): LogLine[] {
  const parser = new LogParser();
  parser.push(text);
  const tail = parser.tail();
  return tail ? [...parser.lines, tail] : parser.lines;
}
