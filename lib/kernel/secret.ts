import { rememberSecret } from './known-secrets';

/** Holds a plaintext credential so that logging, JSON and string building never print it. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
    rememberSecret(this);
  }

  /** The plaintext; call it only where it goes on the wire. */
  reveal(): string {
    return this.#value;
  }

  get last4(): string {
    return this.#value.length >= 12 ? this.#value.slice(-4) : '';
  }

  toString(): string {
    return '[redacted]';
  }

  toJSON(): string {
    return '[redacted]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[redacted]';
  }
}
