/** Exit codes; docs/api.md says the same. Interrupted by Ctrl-C: 130. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  notFound: 4,
  unreachable: 5,
  timedOut: 6,
  /** Nobody can say: neither good nor bad. */
  unclear: 7,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What ends a command early: a sentence for people, a stable code for programs, and how the process ends. */
export class CliError extends Error {
  readonly exit: ExitCode;
  readonly code: string;
  /** Milliseconds that the console asked to wait; undefined when waiting changes nothing. */
  waitMs: number | undefined;
  /** Of HTTP, where the console answered. */
  status: number | undefined;

  constructor(exit: ExitCode, code: string, sentence: string) {
    super(sentence);
    this.exit = exit;
    this.code = code;
  }
}

export const usage = (sentence: string) => new CliError(EXIT.usage, 'usage', sentence);
