import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test, vi } from 'vitest';
import ConsoleError from './error.server';

function shown(digest?: string): string {
  const error = Object.assign(new Error('no answer from 10.0.0.7'), digest ? { digest } : {});
  return renderToStaticMarkup(<ConsoleError error={error} reset={vi.fn()} />);
}

test('a page that broke says so aloud, tells where to look, and has two ways on', () => {
  const page = shown('2718281828');
  expect(page).toMatch(/^<div role="alert"/);
  expect(page).toMatch(/server log for <code[^>]*>2718281828<\/code>\./);
  expect(page).toMatch(/<button type="button"[^>]*>.*Try again<\/button>/);
  expect(page).toMatch(/<a href="\/now"[^>]*>Go to Now<\/a>/);
});

test('without a number in the log it names none, and what broke is never shown', () => {
  const page = shown();
  expect(page).toContain('look in the server log.');
  expect(page).not.toContain('10.0.0.7');
});
