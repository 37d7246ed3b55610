import { lexer } from 'marked';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { Markdown } from './markdown';

const drawn = (text: string) =>
  renderToStaticMarkup(<Markdown tokens={lexer(text)} resolve={() => ({ to: 'source' })} />);

test('code is shown as it is written, and what is meant as a sign elsewhere is that sign', () => {
  expect(drawn('`&lt;b&gt;`')).toContain('&amp;lt;b&amp;gt;</code>');
  expect(drawn('a &lt; b &copy; &unknown;')).toContain('a &lt; b © &amp;unknown;');
});

test('a break of HTML is a break, and no other HTML is taken over', () => {
  expect(drawn('one<br>two')).toContain('one<br/>two');
  expect(drawn('one <img src=x onerror=a()> two')).not.toContain('<img');
});

test('a list begins where it says', () => {
  expect(drawn('3. three\n4. four')).toContain('start="3"');
  expect(drawn('1. one')).not.toContain('start=');
});

test('equal headings are told apart, wherever they are', () => {
  const ids = [...drawn('# A\n\n> ## A\n\n- # A\n\n## B').matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
  expect(ids).toEqual(['a', 'a-1', 'a-2', 'b']);
});
