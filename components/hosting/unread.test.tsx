import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { ProblemError } from '@/components/live/problem';
import { Unread } from './unread';

it('says why something could not be read, and nothing while it is asked or where there is nothing', () => {
  const what = 'Web Vitals of Shop in Production';
  const refused = renderToStaticMarkup(
    <Unread what={what} error={new ProblemError(401, 'signed_out', 'Sign in again.')} />,
  );
  expect(refused).toContain('Web Vitals of Shop in Production could not be read: Sign in again.');
  expect(renderToStaticMarkup(<Unread what={what} error={null} />)).toBe('');
});
