/** What one failure is told by. `line` is for people, `key` is the same for failures that are alike. */
export interface Fingerprint {
  line: string;
  step: string | null;
  exitCode: number | null;
  key: string;
}

const LINE_LIMIT = 300;
/** A log that is longer than this is looked at from its end: what went wrong stands there. */
const LOOKED_AT = 400_000;
const LINES = 20_000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal.
const COLOURS = /\u001b\[[0-9;]{0,20}[A-Za-z]/g;
/** Time stamps that runners put before each line. */
const STAMP = /^\d{4}-\d\d-\d\dT[\d:.]{5,20}Z?\s/;
const MARK = /^(?:##\[error\]|::error(?: [^\n]{0,300}?)?::)\s?/;
/** The runner's own last word, which says the same of every failure. */
const ENDING =
  /^(?:process completed with|the process .{0,200} failed with|command failed with) exit code (\d{1,3})\b/i;
/** Where a step of a job begins to print, after the lines that say what is run. */
const [STEP, PRINTS] = [/^##\[group\]Run /, /^##\[endgroup\]/];
const SAYS_SO =
  /^\s{0,8}(?:[\w.-]{0,40}(?:error|exception)\b|fatal\b|panic\b|err!|npm (?:err!|error)|(?:--- )?fail(?:ed)?\b(?!-)|✗|×|e: )/i;
/** Only tells that a trace follows; its last line says what it was. */
const TRACE = /^\s{0,8}traceback\b/i;
const PYTHON = /^[A-Za-z_][\w.]{0,80}(?:Error|Exception|Warning|Exit|Interrupt)\b/;
const EXIT = /\bexit(?:ed)?(?: with)?(?: (?:code|status))?[ :]+(\d{1,3})\b/i;

/** Without colours, stamps and marks; cut well after what is kept, so that no pattern works on a whole file in one line. */
function plain(raw: string): string {
  return raw
    .slice(0, 4 * LINE_LIMIT)
    .replace(COLOURS, '')
    .replace(STAMP, '')
    .trimEnd();
}

/**
 * What changes from run to run becomes a sign: times, ids, hashes, paths, addresses, numbers. What is left is in small letters,
 * so that the same failure reads the same. Linear in the length of the line.
 */
export function normalise(line: string): string {
  return line
    .slice(0, LINE_LIMIT)
    .toLowerCase()
    .replace(/\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s"'<>)\]]+/g, '<url>')
    .replace(/\b\d{4}-\d\d-\d\d(?:[t ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:z|[+-]\d\d:?\d\d)?)?/g, '<time>')
    .replace(/\b\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?\b/g, '<time>')
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<id>')
    .replace(/(?:\b[a-z]:)?(?:[\\/][\w.@+~-]+){2,}[\\/]?/g, '<path>')
    .replace(/\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,}\b/g, '<hash>')
    .replace(/\d+(?:[.,]\d+)*/g, '<n>')
    .replace(/\s+/g, ' ')
    .trim();
}

/**
 * The first line that says what is wrong, as it stands, of the step that ended the job where that is known; null where none does.
 * A step that may fail ends with the same last word as the one that ended the job: the last of them is that one's.
 */
export function firstErrorLine(text: string): { line: string; exitCode: number | null } | null {
  const lines = text.slice(-LOOKED_AT).split('\n').slice(-LINES).map(plain);
  const endAt = lines.findLastIndex((line) => ENDING.test(line.replace(MARK, '')));
  const ending = endAt < 0 ? null : ENDING.exec((lines[endAt] ?? '').replace(MARK, ''));
  const exitCode = numberOf(ending?.[1] ?? lines.findLast((line) => EXIT.test(line))?.match(EXIT)?.[1]);
  const found = wrongIn(ofLastStep(lines.slice(0, Math.max(0, endAt)))) ?? wrongIn(lines, endAt);
  if (found === undefined) return null;
  const line = found.replace(MARK, '').trim();
  return line === '' ? null : { line, exitCode };
}

const wrongIn = (lines: readonly string[], endAt = lines.length) => mark(lines) ?? said(lines) ?? before(lines, endAt);

const numberOf = (text: string | undefined) => (text === undefined ? null : Number(text));

/** What the step printed that stands last; nothing where the log names no steps. */
function ofLastStep(lines: readonly string[]): readonly string[] {
  const from = lines.findLastIndex((line) => STEP.test(line));
  if (from < 0) return [];
  const step = lines.slice(from + 1);
  return step.slice(step.findIndex((line) => PRINTS.test(line)) + 1);
}

/** The first that a tool marked as an error itself. */
function mark(lines: readonly string[]): string | undefined {
  return lines.find((line) => MARK.test(line) && !ENDING.test(line.replace(MARK, '')));
}

/** The first that says so at its head; of a trace the line that it ends with. */
function said(lines: readonly string[]): string | undefined {
  const at = lines.findIndex((line) => SAYS_SO.test(line) || TRACE.test(line));
  if (at < 0 || !TRACE.test(lines[at] ?? '')) return lines[at];
  return lines.slice(at + 1, at + 200).find((line) => PYTHON.test(line)) ?? lines[at];
}

/** What stood right before the runner's last word. */
function before(lines: readonly string[], endAt: number): string | undefined {
  return lines.slice(0, Math.max(0, endAt)).findLast((line) => line.trim() !== '' && !/^##\[/.test(line));
}

/** From what is known: the log's line, or the sentence of the end where there is no log. */
export function fingerprintOf(of: { line: string; step: string | null; exitCode: number | null }): Fingerprint {
  const line = of.line.slice(0, LINE_LIMIT);
  return { ...of, line, key: JSON.stringify([normalise(of.step ?? ''), of.exitCode, normalise(line)]) };
}
