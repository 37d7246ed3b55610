import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { filePolicy, hashSource, inlineScriptsOf, noncePolicy, staticPolicy, TOAST_STYLE } from './content-policy';
import { THEME_SCRIPT } from './theme-script';

function directive(policy: string, name: string): string[] {
  const found = policy.split('; ').filter((each) => each.startsWith(`${name} `));
  expect(found).toHaveLength(1);
  return (found[0] ?? '').split(' ').slice(1);
}

describe('what a page may load', () => {
  const policies = { 'a page of one request': noncePolicy('abc123'), 'a page of the build': staticPolicy(['a()']) };

  test.each(Object.entries(policies))('%s: nothing that is not named, no inline code, no frame', (_name, policy) => {
    expect(policy.replace(` 'unsafe-hashes' ${hashSource('display:none')}`, '')).not.toContain('unsafe');
    expect(policy).not.toContain('*');
    expect(policy).not.toMatch(/https?:/);
    expect(directive(policy, 'default-src')).toEqual(["'none'"]);
    expect(directive(policy, 'frame-ancestors')).toEqual(["'none'"]);
    expect(directive(policy, 'base-uri')).toEqual(["'none'"]);
    expect(directive(policy, 'object-src')).toEqual(["'none'"]);
    expect(directive(policy, 'form-action')).toEqual(["'self'"]);
    expect(directive(policy, 'script-src')).toContain(hashSource(THEME_SCRIPT));
  });

  test('scripts of a dynamic page need its nonce; a file of ours alone is not enough', () => {
    expect(directive(noncePolicy('abc123'), 'script-src')).toContain("'nonce-abc123'");
    expect(directive(noncePolicy('abc123'), 'script-src')).toContain("'strict-dynamic'");
    expect(directive(noncePolicy('abc123'), 'script-src')).not.toContain("'self'");
  });

  test('the one style attribute that is let through is what the renderer gives to a piece of a drawing sent later', () => {
    expect(directive(noncePolicy('abc123'), 'style-src-attr')).toEqual(["'unsafe-hashes'", hashSource('display:none')]);
    const renderer = readFileSync(
      'node_modules/next/dist/compiled/react-dom/cjs/react-dom-server.node.production.js',
      'utf8',
    );
    expect(new Set(renderer.match(/(?<=<(?:svg|math) aria-hidden="true") style="[^"]*"/g))).toEqual(
      new Set([' style="display:none"']),
    );
  });

  test('a static page knows each of its inline scripts by hash', () => {
    const html =
      '<head><script>one()</script><script src="/x.js" async=""></script></head><script nonce="">two()</script>';
    expect(inlineScriptsOf(html)).toEqual(['one()', 'two()']);
    expect(directive(staticPolicy(inlineScriptsOf(html)), 'script-src')).toEqual([
      "'self'",
      hashSource(THEME_SCRIPT),
      hashSource('one()'),
      hashSource('two()'),
    ]);
  });

  test('a page of files says the same itself, and fetches from where its status is', () => {
    const own = filePolicy(['a()'], []);
    expect(`${own}; frame-ancestors 'none'`.split('; ').sort()).toEqual(staticPolicy(['a()']).split('; ').sort());
    expect(directive(filePolicy([], ['https://deploy.acme.dev']), 'connect-src')).toEqual([
      "'self'",
      'https://deploy.acme.dev',
    ]);
  });

  test('the script in the page holds nothing that ends a script early', () => {
    expect(THEME_SCRIPT).not.toMatch(/<\/?script|<!--/i);
  });

  test('the toast library’s style is the one that the policy knows', () => {
    const library = readFileSync('node_modules/sonner/dist/index.mjs', 'utf8');
    const inserted = /__insertCSS\(("(?:[^"\\]|\\.)*")\);/.exec(library)?.[1];
    expect(hashSource(JSON.parse(inserted ?? '""'))).toBe(TOAST_STYLE);
  });
});
