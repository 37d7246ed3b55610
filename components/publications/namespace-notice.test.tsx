import { isValidElement, type ReactElement, type ReactNode } from 'react';
import { renderToReadableStream, renderToStaticMarkup } from 'react-dom/server';
import { expect, test, vi } from 'vitest';
import { Button } from '@/components/ui/button';
import type { PublishPlace } from '@/lib/publications/model/view';
import { NamespaceNotice, type NamespaceNoticeProps } from './namespace-notice';
import { NamespaceThere } from './namespace-there';

const state = vi.hoisted(() => ({ pending: false, refusal: null as { code: string; sentence: string } | null }));
vi.mock('@/components/console/use-action', () => ({
  useAction: (run: unknown) => ({ run, fields: {}, clear: () => undefined, ...state }),
}));

const place = (namespace: PublishPlace['namespace']): PublishPlace => ({
  ...{ targetId: 'tgt_open', name: 'Extension · Production', gallery: 'Open VSX', audience: 'public' },
  ...{ environment: { slug: 'production', name: 'Production' }, extension: 'acme.demo', channel: 'both' },
  ...{ notice: null, recall: { version: 'guide', extension: 'guide', steps: [] }, mayPublish: true },
  ...{
    unpublishing: null,
    closed: null,
    mayOverride: false,
    goesBackTo: null,
    checklist: [],
    approvals: 0,
    cell: null,
    namespace,
  },
  ownNamespace: null,
  run: null,
});

const makeNamespace = vi.fn<NamespaceNoticeProps['makeNamespace']>();

const words = (namespace: PublishPlace['namespace']) =>
  renderToStaticMarkup(<NamespaceNotice place={place(namespace)} {...{ makeNamespace }} onMade={() => undefined} />);

type Inner = ReactElement<{ children?: ReactNode; action?: ReactNode; onClick?: () => void }>;

function buttonIn(node: ReactNode): Inner | null {
  if (Array.isArray(node)) return node.map(buttonIn).find(Boolean) ?? null;
  if (!isValidElement(node)) return null;
  const { props, type } = node as Inner;
  return type === Button ? (node as Inner) : (buttonIn(props.action) ?? buttonIn(props.children));
}

test('a name that is missing is made by a press that names it and the gallery, for that very place', async () => {
  const said: string[] = [];
  makeNamespace.mockResolvedValueOnce({ ok: true, value: { outcome: 'created', sentence: 'It is made.' } });
  const drawn = NamespaceNotice({ place: place('absent'), makeNamespace, onMade: (sentence) => said.push(sentence) });
  expect(words('absent').replace(/<[^>]+>/g, '')).toContain('Create the namespace acme at Open VSX');
  buttonIn(drawn)?.props.onClick?.();
  await vi.waitFor(() => expect(said).toEqual(['It is made.']));
  expect(makeNamespace.mock.calls).toEqual([[{ targetId: 'tgt_open' }]]);
});

test('a name of somebody else is told with whom to ask, and no button; what is in order says nothing', () => {
  expect(words('others')).toContain('Ask one of its owners');
  expect(words('others')).not.toContain('<button');
  expect(words('ours')).toBe('');
  expect(words(null)).toBe('');
});

test('while it is made the button is busy, and a refusal is announced beside it', () => {
  Object.assign(state, { pending: true, refusal: { code: 'namespace_taken', sentence: 'acme belongs to others.' } });
  try {
    expect(words('absent')).toMatch(/<button[^>]*aria-busy="true"/);
    expect(words('absent')).toMatch(/role="alert".*acme belongs to others\./s);
  } finally {
    Object.assign(state, { pending: false, refusal: null });
  }
});

test('a place gets it only where its name keeps packages out', async () => {
  const at = async (namespace: PublishPlace['namespace']) => {
    const stream = await renderToReadableStream(<NamespaceThere place={place(namespace)} {...{ makeNamespace }} />);
    await stream.allReady;
    return new Response(stream).text();
  };
  expect(await at('absent')).toContain('Create the namespace');
  expect(await at('ours')).toBe('');
});
