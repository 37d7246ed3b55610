import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test, vi } from 'vitest';
import type { GalleryTokenView, NamespaceView } from '@/lib/gallery/model/view';
import { GalleryTokens } from './gallery-tokens';
import { Namespaces } from './namespaces';
import { VersionActions } from './version-actions';

const idle = { run: async () => ({ ok: false }), pending: false, refusal: null, fields: {}, clear: () => undefined };
vi.mock('@/components/console/use-action', () => ({ useAction: () => idle }));
const never = async () => Promise.reject(new Error('Nothing is pressed here.'));

const token = (change: Partial<GalleryTokenView>): GalleryTokenView => ({
  ...{ id: 'gtk_1', name: 'laptop', owner: { id: 'u1', name: 'Ana' }, isYours: true, last4: 'wxyz', scope: 'read' },
  ...{ createdAt: '2026-11-01T00:00:00Z', expiresAt: '2027-02-01T00:00:00Z', lastUsedAt: null, state: 'live' },
  ...change,
});
const tokens = (...list: GalleryTokenView[]) =>
  renderToStaticMarkup(<GalleryTokens tokens={list} origin="https://console.test" create={never} revoke={never} />);

test('a token that has ended says so and cannot be revoked again; none of them shows itself', () => {
  expect(tokens(token({}))).toContain('Revoke the token laptop');
  const ended = tokens(token({ state: 'expired' }), token({ id: 'gtk_2', name: 'pipeline', state: 'owner_disabled' }));
  expect(ended).toContain('expired');
  expect(ended).toContain('owner disabled');
  expect(ended).not.toContain('Revoke the token');
  expect(ended).not.toContain('/api/gallery/t/');
  expect(tokens()).toContain('There is no token yet.');
});

const version = { version: '1.0.0', platform: 'linux-x64', yanked: null, retiredAt: null };
const shown = (change: object, allowed = true) =>
  renderToStaticMarkup(
    <VersionActions
      extension={{ namespace: 'acme', name: 'demo' }}
      version={{ ...version, ...change }}
      {...{ allowed, yank: never, unyank: never }}
    />,
  );

test('a version is taken away or put back by its owners only, and one that is not kept by nobody', () => {
  expect(shown({})).toContain('Yank acme.demo 1.0.0');
  expect(shown({ yanked: { at: '2026-11-01T00:00:00Z', by: 'Ana', reason: 'bad' } })).toContain('Put acme.demo 1.0.0');
  expect(shown({ retiredAt: '2026-11-01T00:00:00Z' })).toBe('');
  expect(shown({}, false)).toBe('');
});

const acme: NamespaceView = {
  ...{ name: 'acme', owners: [], keep: null, extensions: 1, mayManage: false, createdAt: '2026-11-01T00:00:00Z' },
};
const ana = { id: 'u1', name: 'Ana', disabled: false };
const people = [
  { id: 'u1', name: 'Ana', login: 'ana' },
  { id: 'u2', name: 'Ben', login: 'ben.b' },
];
const named = (change: Partial<NamespaceView>, disabledReason: string | null, userId: string | null = 'u1') =>
  renderToStaticMarkup(
    <Namespaces
      namespaces={[{ ...acme, ...change }]}
      actions={{ create: never, addOwner: never, removeOwner: never, setKeep: never }}
      {...{ disabledReason, userId, people }}
    />,
  );

test('a name without an owner says that nobody can publish, and offers it to those only who may take it', () => {
  expect(named({}, null)).toContain('nobody, so nobody can publish to it');
  expect(named({ owners: [{ ...ana, disabled: true }] }, null, 'u2')).toContain('nobody, so nobody can publish to it');
  expect(named({}, null)).toContain('Become an owner of acme');
  expect(named({ owners: [ana] }, null)).not.toContain('Become an owner');
  expect(named({}, 'Ask an administrator.')).not.toContain('Become an owner');
  expect(named({}, null, null)).not.toContain('Become an owner');
});

test('its owners choose another one among those who are none yet, take one away, and set what is kept', () => {
  const html = named({ owners: [ana], keep: 5, mayManage: true }, 'Ask an administrator.');
  expect(html).toContain('Add an owner of acme');
  expect(html).toMatch(/<option value="u2">Ben \(ben\.b\)<\/option>/);
  expect(html).not.toContain('<option value="u1"');
  expect(html).toContain('Remove Ana from the owners of acme');
  expect(html).toMatch(/<input[^>]*name="keep"[^>]*value="5"/);
  const other = named({ owners: [ana], keep: 5 }, 'Ask an administrator.');
  expect(other).toContain('keeps the newest 5 versions');
  for (const word of ['Add an owner', 'Remove Ana', 'name="keep"']) expect(other).not.toContain(word);
});
