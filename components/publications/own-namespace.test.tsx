import type { ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { beforeEach, expect, test, vi } from 'vitest';
import { Button } from '@/components/ui/button';
import { OwnNamespace, type OwnNamespaceProps } from './own-namespace';

vi.mock('@/components/console/use-action', () => ({
  useAction: (run: unknown) => ({ run, pending: false, refusal: null, fields: {}, clear: () => undefined }),
}));

const createOwn = vi.fn<OwnNamespaceProps['actions']['createOwn']>(async () => ({ ok: true, value: null }));
const becomeOwner = vi.fn<OwnNamespaceProps['actions']['becomeOwner']>(async () => ({ ok: true, value: null }));
beforeEach(() => {
  createOwn.mockClear();
  becomeOwner.mockClear();
});

type Own = OwnNamespaceProps['own'];
const of = (own: Own) => OwnNamespace({ own, actions: { createOwn, becomeOwner } });
const press = (own: Own) => {
  const children = (of(own).props as { children: ReactElement<{ onClick(): void }>[] }).children;
  children.find(({ type }) => type === Button)?.props.onClick();
};

test('one press makes an administrator the owner of the very namespace, or makes a missing one', () => {
  press({ publisher: 'acme', lacks: 'owner', mendBy: 'usr_ada' });
  press({ publisher: 'beta', lacks: 'namespace', mendBy: 'usr_ada' });
  expect(becomeOwner.mock.calls).toEqual([[{ namespace: 'acme', userId: 'usr_ada' }]]);
  expect(createOwn.mock.calls).toEqual([[{ namespace: 'beta' }]]);
});

test('everybody else is led to the page that names the owners, and gets no button', () => {
  const html = renderToStaticMarkup(of({ publisher: 'acme', lacks: 'owner', mendBy: null }));
  expect(html).not.toContain('<button');
  expect(html).toContain('href="/gallery/tokens"');
});
