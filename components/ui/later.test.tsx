import type { ComponentType, ReactNode } from 'react';
import { renderToReadableStream } from 'react-dom/server';
import { expect, it } from 'vitest';
import { later } from './later';

/** What the server sends when the part's code has come to it, as it has when it streams. */
async function drawn(node: ReactNode): Promise<string> {
  const stream = await renderToReadableStream(node);
  await stream.allReady;
  return new Response(stream).text();
}

const Lift = () => (
  <p>
    <button type="button">Lift</button>
    <a href="/now">Now</a>
  </p>
);
const code = () => Promise.resolve(Lift as ComponentType<object>);

it('a part whose code comes later is sent with its buttons disabled: a press on it cannot be lost', async () => {
  const Part = later(code, <i>waiting</i>);
  expect(await drawn(<Part />)).toMatch(
    /<fieldset role="none" disabled=""[^>]*><p><button type="button">Lift<\/button>/,
  );
});

it('a part whose code does not come says so, and its button to reload can be pressed', async () => {
  const Part = later(() => Promise.reject(new Error('no network')), <i>waiting</i>);
  const stream = await renderToReadableStream(<Part />, { onError: () => undefined });
  await stream.allReady;
  const html = await new Response(stream).text();
  expect(html).toContain('waiting');
  expect(html).not.toContain('<fieldset');
});
