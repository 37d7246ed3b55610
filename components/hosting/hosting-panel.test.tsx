import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import type { HostingView } from '@/lib/deployments/model/hosting';
import { HostingParts } from './hosting-panel';
import { KeptBackParts } from './kept-back-notice';
import { PreviewShown } from './preview-panel';

const QUIET: HostingView = {
  ...{ provider: 'Host', problem: null, down: null, held: null, kept: null, mend: null, changedThere: null },
  ...{ preview: null, changed: null },
  unread: [],
  addresses: [],
  serving: { deployment: null, url: null },
};
const drawn = (over: Partial<HostingView>) =>
  renderToStaticMarkup(
    <QueryClientProvider client={new QueryClient()}>
      <HostingParts
        targetId="tgt_1"
        where="Dashboard in Production"
        redeploy={async () => expect.fail('not pressed')}
        hosting={{ ...QUIET, ...over }}
      />
    </QueryClientProvider>,
  );
const deployment = { id: 'dep_7', number: 7, sha: 'abcdef0'.padEnd(40, '0') };
const again = {
  live: { ...deployment, ref: 'release/1' },
  ...{ next: null, approvals: 0, allowed: { allowed: true, refusal: null } },
};

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
  const since = '2026-11-27T00:00:00.000Z';
  const changed = drawn({ changed: { names: ['A', 'B'], since, again } });
  expect(changed).toContain('2 variables changed, not live yet');
  expect(changed).toContain('aria-label="Deploy abcdef0 again: Dashboard in Production"');
  expect(changed).toContain('of #7 once more, which counts as live here, from release/1');
  expect(changed).not.toContain('waits for');
  expect(drawn({})).not.toContain('not live');
  const held = drawn({ changed: { names: ['A'], since, again: { ...again, approvals: 2 } } });
  expect(held).toContain('waits for 2 approvals');
  const refusal = { code: 'pinned_lock', sentence: 'Ada locked it.' };
  expect(
    drawn({ changed: { names: ['A'], since, again: { ...again, allowed: { allowed: false, refusal } } } }),
  ).toMatch(/<button[^>]*aria-disabled="true"/);
  const going = drawn({ changed: { names: ['A'], since, again: { ...again, next: { id: 'dep_8', number: 8 } } } });
  expect(going).toContain('href="/deployments/dep_8"');
  expect(going, 'what is on its way may bring it').not.toContain('<button');
});

it('says that visitors get nothing, and still what changed', () => {
  const changed = { names: ['A'], since: '2026-11-27T00:00:00.000Z', again };
  const text = drawn({ down: 'What is live does not run.', changed });
  expect(text).toContain('What is live does not run.');
  expect(text).toContain('1 variable changed, not live yet');
});

it('says that the host serves another build than the one that counts as live, and offers that one once', () => {
  const there = drawn({
    changedThere: { ...deployment, older: false },
    serving: { deployment: { ...deployment, id: 'dep_6', number: 6 }, url: null },
  });
  expect(there).toContain('Host serves another build than #7');
  expect(there).toContain('the build of #6');
  expect(there.match(/promote\?from=dep_7/g)).toHaveLength(1);
  const both = drawn({ held: 'Kept back.', mend: deployment, changedThere: { ...deployment, older: false } });
  expect(both.match(/promote\?from=dep_7/g)).toHaveLength(1);
  const newer = drawn({ changedThere: { ...deployment, older: true } });
  expect(newer).toContain('It is newer than #7');
  expect(newer).not.toContain('promote?from=dep_7');
  expect(newer).toContain('href="/targets/tgt_1/roll-back?to=dep_7"');
  const since = '2026-11-27T00:00:00.000Z';
  const changed = drawn({ changedThere: { ...deployment, older: true }, changed: { names: ['A'], since, again } });
  expect(changed).toContain('#7 is not deployed over the build that Host serves now');
  expect(changed).not.toContain('<button');
});

it('shows the rest when one part of it could not be read, and says which', () => {
  const text = drawn({
    held: 'Kept back.',
    mend: deployment,
    unread: ['Variables could not be read: The token may not.'],
  });
  expect(text).toContain('Promote #7');
  expect(text).toContain('Variables could not be read: The token may not.');
});

it('shows a picture through this console only, and says why a host could not be asked', () => {
  const looked = drawn({ preview: { deploymentId: 'dep_7', address: 'https://b1.host.example', screenshot: true } });
  expect(looked).toContain('src="/api/v1/deployments/dep_7/screenshot"');
  const refused = drawn({ problem: { code: 'credential_refused', sentence: 'The host refuses this token.' } });
  expect(refused).toContain('The host refuses this token.');
  expect(refused).not.toContain('Promote a build');
});

it('offers to put live what the host says is built and waits, to those who may, and nothing that is only queued', () => {
  const kept = (over: Partial<HostingView>, id = 'dep_9') =>
    renderToStaticMarkup(
      <KeptBackParts
        deployment={{ id, number: 9 }}
        hosting={{ ...QUIET, held: 'Publishing is locked.', ...over }}
        verb={{ pending: false, refusal: null }}
        press={() => {}}
      />,
    );
  expect(kept({ kept: null }), 'it is only queued').toBe('');
  expect(kept({ kept: { id: 'dep_8', allowed: { allowed: true, refusal: null } } })).toBe('');
  const open = kept({ kept: { id: 'dep_9', allowed: { allowed: true, refusal: null } } });
  expect(open).toContain('Publishing is locked.');
  expect(open).toContain('Put #9 live');
  const refusal = { code: 'missing_permission', sentence: 'Your role may not deploy here.' };
  const shut = kept({ kept: { id: 'dep_9', allowed: { allowed: false, refusal } } });
  expect(shut).toContain('Your role may not deploy here.');
  expect(shut).not.toContain('Put #9 live');
});

it('shows the build of any deployment on its page, or why its host was not asked, or nothing', () => {
  const shown = (over: object) =>
    renderToStaticMarkup(
      <PreviewShown
        number={7}
        preview={{ deploymentId: 'dep_7', address: null, screenshot: false, problem: null, ...over }}
      />,
    );
  expect(shown({})).toBe('');
  const both = shown({ address: 'https://b1.host.example', screenshot: true });
  expect(both).toContain('src="/api/v1/deployments/dep_7/screenshot"');
  expect(both).toContain('alt="The build of #7, as its host photographed it"');
  expect(both).toContain('href="https://b1.host.example"');
  expect(shown({ problem: { code: 'unavailable', sentence: 'The host is away.' } })).toContain('The host is away.');
});
