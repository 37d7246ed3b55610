import { redact, redactText } from './redact';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFields = Record<string, unknown>;

export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds these fields (a request id, say) to every line. */
  with(fields: LogFields): Logger;
}

/** A line of the log that is an error, with its secrets masked already. */
export type ErrorLine = { at: string; level: 'error'; msg: string } & LogFields;

// A bundler may evaluate this module several times; the process has one listener all the same.
const LISTENER = Symbol.for('aetherstack.error-lines');
const heard = globalThis as unknown as { [LISTENER]?: (line: ErrorLine) => void };

/** Hears every error that is logged from now on, exactly as it is written. */
export function onErrorLine(listener: (line: ErrorLine) => void): void {
  heard[LISTENER] = listener;
}

const RANK: Record<LogLevel, number> = { debug: 10, info: 20, warn: 30, error: 40 };

/** What an unknown thrown value was, without secrets: class, message, first frames. For logs only, never for people. */
export function describeError(thrown: unknown): LogFields {
  const error = thrown instanceof Error ? thrown : asError(thrown);
  if (error === null) return { error: redactText(String(thrown)) };
  const cause = error.cause === undefined ? {} : { cause: describeError(error.cause) };
  const stack = redactText(
    (error.stack ?? '')
      .split('\n')
      .map((line) => line.trim())
      // The first lines repeat the message, which may be long and have values in it.
      .filter((line) => line.startsWith('at '))
      .slice(0, 6)
      .join(' | '),
  );
  return { error: error.name, message: redactText(error.message), stack, ...cause };
}

/** Libraries also hand on plain objects that say what an error says. */
function asError(thrown: unknown): Error | null {
  if (typeof thrown !== 'object' || thrown === null || !('message' in thrown)) return null;
  const { message, name, stack } = thrown as Partial<Error>;
  return { message: String(message), name: typeof name === 'string' ? name : 'Error', stack: String(stack ?? '') };
}

function threshold(): number {
  const wanted = typeof process === 'undefined' ? undefined : process.env.AETHERSTACK_LOG_LEVEL;
  return RANK[wanted as LogLevel] ?? RANK.info;
}

/** One JSON line per message, secrets masked. `write` is for tests; by default warnings and errors go to stderr. */
export function createLogger(
  base: LogFields = {},
  write: (line: string, level: LogLevel) => void = (line, level) => {
    (RANK[level] >= RANK.warn ? process.stderr : process.stdout).write(`${line}\n`);
  },
): Logger {
  const emit = (level: LogLevel, message: string, fields: LogFields = {}) => {
    if (RANK[level] < threshold()) return;
    const safe = redact({ ...base, ...fields }) as LogFields;
    const line = { ...safe, at: new Date().toISOString(), level, msg: redactText(message) };
    const { at, msg } = line;
    write(JSON.stringify({ at, level, msg, ...safe }), level);
    if (level === 'error') heard[LISTENER]?.({ ...line, level });
  };
  return {
    debug: (message, fields) => emit('debug', message, fields),
    info: (message, fields) => emit('info', message, fields),
    warn: (message, fields) => emit('warn', message, fields),
    error: (message, fields) => emit('error', message, fields),
    with: (fields) => createLogger({ ...base, ...fields }, write),
  };
}

export const log = createLogger();
