import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { NoLogs } from './no-logs';

it('a provider whose API gives no log is called by its name, and its page with the log is one press away', () => {
  const url = 'https://app.netlify.com/projects/docs/deploys/1';
  const shown = renderToStaticMarkup(<NoLogs providerLabel="Netlify" runUrl={url} />);
  expect(shown).toContain('The published API of Netlify has no way to read a build’s log');
  expect(shown).toMatch(new RegExp(`<a href="${url}"[^>]*>Read the log at Netlify`));
  expect(renderToStaticMarkup(<NoLogs providerLabel="Netlify" runUrl={null} />)).not.toContain('<a');
});

it('a gallery that took a package has no log anywhere, and none is said to be there', () => {
  const shown = renderToStaticMarkup(
    <NoLogs providerLabel="Open VSX" runUrl="https://open-vsx.org/extension/acme/demo" isPublished />,
  );
  expect(shown).toContain('Open VSX took the package as it was');
  expect(shown).not.toContain('<a');
});
