// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are somebody else's expressions and must stay text.
const ESC = '\u001b';
const BEL = '\u0007';

/** D6: what a run may print. `shows` = text that has to be seen; `hides` = text that must not be there. */
export interface LogCase {
  name: string;
  log: string;
  shows?: string;
  hides?: string;
  /** Lines that come out of it. */
  lines?: number;
}

const sequence = (name: string, bytes: string): LogCase => ({ name, log: `a${bytes}b`, shows: 'ab', hides: ESC });
const glyph = (name: string, character: string, shows: string): LogCase => ({
  name,
  log: `a${character}b`,
  shows,
  hides: character,
});

export const LOGS: LogCase[] = [
  { name: 'a script', log: '<script>alert(1)</script>', shows: '<script>alert(1)</script>' },
  { name: 'an image with a handler', log: '<img src=x onerror=alert(1)>', shows: '<img src=x onerror=alert(1)>' },
  { name: 'the end of a block', log: '</pre></code></div><h1>x', shows: '</pre></code></div><h1>x' },
  { name: 'an entity', log: '&lt;b&gt; &#60;script&#62;', shows: '&lt;b&gt; &#60;script&#62;' },
  { name: 'a template', log: '{{constructor.constructor("x")()}} ${1+1}', shows: '${1+1}' },
  sequence('a link of a terminal', `${ESC}]8;;javascript:alert(1)${BEL}`),
  sequence('a link, ended the other way', `${ESC}]8;;javascript:alert(1)${ESC}\\`),
  sequence('a write to the clipboard', `${ESC}]52;c;ZXZpbA==${BEL}`),
  sequence('a window title', `${ESC}]0;owned${BEL}`),
  sequence('a colour table', `${ESC}]4;1;rgb:ff/00/00${BEL}`),
  sequence('a notification', `${ESC}]777;notify;a;b${BEL}`),
  sequence('a cursor up', `${ESC}[99A`),
  sequence('a cursor home', `${ESC}[H`),
  sequence('an erase of the screen', `${ESC}[2J`),
  sequence('an erase of the line', `${ESC}[2K`),
  sequence('a saved cursor', `${ESC}7`),
  sequence('another screen', `${ESC}[?1049h`),
  sequence('a report of the cursor', `${ESC}[6n`),
  sequence('a report of the terminal', `${ESC}[c`),
  sequence('mouse tracking', `${ESC}[?1000h`),
  sequence('a reset of the terminal', `${ESC}c`),
  sequence('a character set', `${ESC}(0`),
  sequence('a device control string', `${ESC}P+q544e${ESC}\\`),
  sequence('an application command', `${ESC}_Gi=1;AAAA${ESC}\\`),
  sequence('a privacy message', `${ESC}^secret${ESC}\\`),
  { name: 'a sequence without an end', log: `a${ESC}[31;`, shows: 'a', hides: ESC },
  sequence('a colour with 10,000 parameters', `${ESC}[${'1;'.repeat(10_000)}m`),
  { name: 'a sequence of one byte, eight bits', log: 'a\u009b31mb', shows: '[U+009B]', hides: '\u009b' },
  { name: 'a string that never ends', log: `a${ESC}]0;${'x'.repeat(100_000)}\nnext`, shows: 'next', lines: 2 },
  { name: 'a colour that never ends', log: `${ESC}[31m${'red\n'.repeat(1_000)}`, shows: 'red', lines: 1_000 },
  { name: 'a million colours', log: `${ESC}[3m1`.repeat(50_000), shows: '1', lines: 1 },
  { name: 'a colour cut in two', log: `a${ESC}[3`, shows: 'a', hides: ESC },
  { name: 'a carriage return over a line', log: 'harmless\rHARMFUL', shows: 'HARMFUL', hides: 'harmless' },
  { name: 'a return before a line end', log: 'kept\r\n', shows: 'kept', lines: 1 },
  { name: 'backspaces', log: `password${'\b'.repeat(8)}ok`, shows: '␈', hides: '\b' },
  { name: '50 MB in one line', log: 'x'.repeat(50 * 1024 * 1024), shows: 'x', lines: 1 },
  { name: '300,000 lines', log: 'x\n'.repeat(300_000), shows: 'x' },
  { name: 'a line of nothing but marks', log: '\u0301'.repeat(50_000), lines: 1 },
  glyph('a text from right to left', '\u202e', '[U+202E]'),
  glyph('a left-to-right override', '\u202d', '[U+202D]'),
  glyph('an isolate', '\u2066', '[U+2066]'),
  glyph('the end of an isolate', '\u2069', '[U+2069]'),
  glyph('an Arabic letter mark', '\u061c', '[U+061C]'),
  glyph('a zero-width space', '\u200b', '[U+200B]'),
  glyph('a word joiner', '\u2060', '[U+2060]'),
  glyph('a soft hyphen', '\u00ad', '[U+00AD]'),
  glyph('a byte order mark inside', '\ufeff', '[U+FEFF]'),
  glyph('a line separator', '\u2028', '[U+2028]'),
  glyph('a NUL', '\u0000', '␀'),
  glyph('a bell', BEL, '␇'),
  glyph('a delete', '\u007f', '␡'),
  glyph('a tag character', '\u{e0041}', '[U+E0041]'),
  { name: 'half of a pair', log: 'a\ud83db', shows: '\ufffd' },
  { name: 'a replaced byte', log: 'a\ufffdb', shows: 'a\ufffdb' },
  { name: 'a mask command', log: '::add-mask::hunter2', shows: '::add-mask::' },
  { name: 'a forged error', log: '::error file=a.ts,line=1::not from the runner', shows: 'not from the runner' },
  { name: 'a forged group', log: '##[group]a\n##[group]b\n##[endgroup]\n##[endgroup]', lines: 4 },
  { name: 'a mark with an endless head', log: `::error ${'x'.repeat(100_000)}`, shows: '::error' },
  { name: 'a time stamp that is none', log: '9999-99-99T99:99:99Z x', shows: 'x' },
  { name: 'bait for a pattern', log: `${'a'.repeat(50_000)}!`, shows: 'a', lines: 1 },
];

/** Searches that would be slow as patterns: typed into the search of a hostile log. */
export const SEARCHES = [
  '(a+)+$',
  '(a|aa)+$',
  '.*.*.*=',
  '[',
  '\\',
  '(?:',
  'a{1,99999}',
  '',
  ' ',
  '\u0000',
  'İ',
  'x'.repeat(10_000),
];
