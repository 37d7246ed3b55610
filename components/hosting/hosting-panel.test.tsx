import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import type { HostingView } from '@/lib/deployments/model/hosting';
import { HostingParts } from './hosting-panel';

const QUIET: HostingView = {
  ...{ provider: 'Host', problem: null, held: null, mend: null, preview: null, changed: null },
  addresses: [],
  serving: { deployment: null, url: null },
};
const drawn = (over: Partial<HostingView>) =>
  renderToStaticMarkup(
    <HostingParts targetId="tgt_1" where="Dashboard in Production" hosting={{ ...QUIET, ...over }} />,
  );
const deployment = { id: 'dep_7', number: 7, sha: 'abcdef0'.padEnd(40, '0') };

it('says what each address leads to, and which leads nowhere or is not verified', () => {
  const address = { url: null, redirectsTo: null, verified: true, deployment: null };
  const text = drawn({
    addresses: [
      { ...address, name: 'a.example', deployment },
      { ...address, name: 'www.a.example', redirectsTo: 'a.example' },
      { ...address, name: 'b.example', verified: false },
      { ...address, name: 'c.example', url: 'https://host.example/builds/1' },
    ],
  });
  expect(text).toMatch(/href="\/deployments\/dep_7"[^>]*>#7/);
  expect(text).toContain('leads on to a.example');
  expect(text).toContain('not verified');
  expect(text).toContain('leads nowhere yet');
  expect(text).toContain('was not deployed from here');
});

it('says what is kept back with the press that mends it, and what changed with the way to have it live', () => {
  const kept = drawn({ held: 'New builds do not go live by themselves at Host: locked.', mend: deployment });
  expect(kept).toContain('href="/targets/tgt_1/promote?from=dep_7"');
  const changed = drawn({ changed: { names: ['A', 'B'], since: '2026-11-27T00:00:00.000Z' } });
  expect(changed).toContain('2 variables changed, not live yet');
  expect(changed).toContain('href="/deploy/tgt_1"');
  expect(drawn({})).not.toContain('not live');
});

it('shows a picture through this console only, and says why a host could not be asked', () => {
  const looked = drawn({ preview: { deploymentId: 'dep_7', address: 'https://b1.host.example', screenshot: true } });
  expect(looked).toContain('src="/api/v1/deployments/dep_7/screenshot"');
  const refused = drawn({ problem: { code: 'credential_refused', sentence: 'The host refuses this token.' } });
  expect(refused).toContain('The host refuses this token.');
  expect(refused).not.toContain('Promote a build');
});
