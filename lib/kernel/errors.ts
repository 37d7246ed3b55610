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
  conflict: 409,
  precondition: 412,
  tooMany: 429,
  provider: 502,
  unavailable: 503,
} as const;

export type ServiceErrorKind = keyof typeof STATUS;

/** The only error a domain verb throws on purpose; each edge (action, API, job) maps it once. */
export class ServiceError extends Error implements Refusal {
  readonly kind: ServiceErrorKind;
  readonly code: string;
  readonly fields: Record<string, string> | undefined;

  constructor(kind: ServiceErrorKind, code: string, sentence: string, fields?: Record<string, string>) {
    super(sentence);
    this.name = 'ServiceError';
    this.kind = kind;
    this.code = code;
    this.fields = fields;
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
