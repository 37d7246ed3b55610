/** A refusal: a stable code and a sentence that says what to do. Safe to show; never holds a secret or a foreign body. */
export interface Refusal {
  code: string;
  sentence: string;
}

const STATUS = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  notFound: 404,
  tooSlow: 408,
  conflict: 409,
  precondition: 412,
  tooMany: 429,
  provider: 502,
  unavailable: 503,
} as const;

export type ServiceErrorKind = keyof typeof STATUS;

/**
 * A bundler may put one module into several bundles of one process, and then there are several classes of one name.
 * An error carries the mark of its kind, so that `instanceof` holds across them.
 */
const MARK = Symbol.for('aetherstack.error');

export function isMarked(value: unknown, kind: string): boolean {
  return typeof value === 'object' && value !== null && (value as { [MARK]?: unknown })[MARK] === kind;
}

export function mark(error: Error, kind: string): void {
  Object.defineProperty(error, MARK, { value: kind });
}

/** The only error a domain verb throws on purpose; each edge (action, API, job) maps it once. */
export class ServiceError extends Error implements Refusal {
  readonly kind: ServiceErrorKind;
  readonly code: string;
  readonly fields: Record<string, string> | undefined;
  /** Seconds after which another try makes sense; undefined when nobody knows. */
  retryAfter: number | undefined;
  /** Sent away before anything was looked at: what was taken of a rate for it is given back. */
  uncounted = false;

  constructor(kind: ServiceErrorKind, code: string, sentence: string, fields?: Record<string, string>) {
    super(sentence);
    this.name = 'ServiceError';
    this.kind = kind;
    this.code = code;
    this.fields = fields;
    mark(this, 'ServiceError');
  }

  static [Symbol.hasInstance](value: unknown): value is ServiceError {
    return isMarked(value, 'ServiceError');
  }

  get sentence(): string {
    return this.message;
  }

  get httpStatus(): number {
    return STATUS[this.kind];
  }
}

export function assertNever(value: never, what: string): never {
  throw new Error(`Unhandled ${what}: ${String(value)}`);
}
