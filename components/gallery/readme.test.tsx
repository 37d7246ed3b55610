import { lexer } from 'marked';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { Readme } from './readme';

const drawn = (text: string) => renderToStaticMarkup(<Readme readme={{ tokens: lexer(text), isCut: false }} />);

test.each([
  ['HTML', '<img src=x onerror=alert(1)>\n\n<script>alert(1)</script>'],
  ['HTML inside a line', 'a <b onclick="alert(1)">word</b>'],
  ['a script as a link', '[press](javascript:alert(1))'],
  ['data as a link', '[press](data:text/html,<script>alert(1)</script>)'],
  ['a picture from elsewhere', '![x](https://evil.example/x.png)'],
  ['a picture of the package', '![x](images/x.svg)'],
  ['a link that is no address', '[press](https://)'],
  ['a link to this console', '[press](/members)'],
])('%s in a README becomes no element and no address', (_, text) => {
  const html = drawn(text);
  expect(html).not.toMatch(/<(?:img|script|b|iframe|svg)\b|href=|src=|onclick|onerror=/i);
});

test('text, code and links to the open web are drawn', () => {
  const html = drawn('# Greeter\n\nSee [the site](https://acme.example/x) and `code`.');
  expect(html).toContain('Greeter');
  expect(html).toContain('href="https://acme.example/x"');
  expect(html).toContain('<code');
});

test('one that could not be taken apart is shown as it is written, and one that was cut says so', () => {
  const html = renderToStaticMarkup(<Readme readme={{ plain: '*_a<script>*_a', isCut: true }} />);
  expect(html).toContain('*_a&lt;script&gt;*_a</pre>');
  expect(html).toContain('takes too long');
  expect(html).toContain('It is longer than this');
  expect(drawn('# Greeter')).not.toMatch(/takes too long|longer than this/);
});
