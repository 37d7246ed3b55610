import { randomBytes } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { redactText } from './redact';
import { Secret } from './secret';

const value = () => `no looks ${randomBytes(9).toString('hex')}`;
const opened = (text: string, times: number) => Array.from({ length: times }, () => new Secret(text));

test('what is held is masked, however many others the process opened since', () => {
  const first = new Secret(value());
  const others = Array.from({ length: 700 }, () => new Secret(value()));
  const same = opened(value(), 700);
  for (const held of [first, ...others.slice(0, 5), ...others.slice(-5), ...same.slice(0, 1)])
    expect(redactText(`x ${held.reveal()} y`)).toBe('x [redacted] y');
});

test('a secret that two hold stays known when one of them lets go', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const text = value();
  const gone = (() => new WeakRef(new Secret(text)))();
  const kept = new Secret(text);
  await expect
    .poll(() => {
      collect();
      return gone.deref() === undefined;
    })
    .toBe(true);
  expect(redactText(`x ${kept.reveal()} y`)).toBe('x [redacted] y');
});
