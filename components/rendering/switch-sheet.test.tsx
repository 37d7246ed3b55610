import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test, vi } from 'vitest';
import type { ComposerPlan } from '@/lib/deployments/model/view';
import type { GateView } from '@/lib/gates/model/gate';
import { queryKeys } from '@/lib/realtime/protocol';
import type { PreflightView } from '@/lib/rendering/model/preflight-view';
import type { RenderingRow } from '@/lib/rendering/model/rendering-view';
import { blockedSwitch, draftOf, gatesKey } from './switch-gates';
import { SwitchSheet } from './switch-sheet';

const idle = { run: async () => ({ ok: false }), pending: false, refusal: null, fields: {}, clear: () => undefined };
vi.mock('@/components/console/use-action', () => ({ useAction: () => idle }));
vi.mock('next/navigation', () => ({ useRouter: () => ({ push: () => undefined }) }));
// A portal is drawn in browsers only.
vi.mock('@/components/ui/sheet', () => ({
  Sheet: ({ children, footer }: { children: ReactNode; footer: ReactNode }) => (
    <div>
      {children}
      {footer}
    </div>
  ),
}));
const never = async () => Promise.reject(new Error('Nothing is pressed here.'));

const row = {
  ...{ targetId: 'tgt_1', label: '', mode: 'ssr', modes: ['ssr', 'ssg'], refusal: null, live: null },
  ...{ component: { slug: 'web', name: 'Web' }, environment: { slug: 'prod', name: 'Production', isProduction: true } },
} as unknown as RenderingRow;
const revision = { ref: 'main', refKind: 'branch', sha: 'a'.repeat(40) } as const;
const found = {
  ...{ target: { ...row, id: 'tgt_1' }, host: 'GitHub Actions', from: 'ssr', mode: 'ssg', revision, sources: null },
  ...{ blockers: [], warnings: [], routes: null, routesFrom: null, variables: [], digest: 'd'.repeat(64) },
} as unknown as PreflightView;

const gate = (kind: GateView['kind'], state: GateView['state'], more: Partial<GateView> = {}): GateView => ({
  ...{ kind, state, code: `${kind}_${state}`, sentence: `The ${kind} is ${state}.`, until: null, overridable: false },
  ...more,
});
const CHECKLIST = ['Backup taken', 'Support knows'];
const frozen = gate('freeze', 'closed', { sentence: 'Frozen by Ana: a fair.', overridable: true });

function planOf(gates: GateView[], policy: Partial<ComposerPlan['policy']> = {}): ComposerPlan {
  const closed = gates.find(({ state }) => state === 'closed');
  const refusal = closed ? { code: closed.code, sentence: closed.sentence } : null;
  return {
    ...{ revision, head: null, form: null, formless: true, comparison: null, notIncluded: [], warnings: [] },
    ...{ gate: { allowed: refusal === null, refusal }, gates, policy: { approvals: 0, checklist: [], ...policy } },
    askAgainSeconds: null,
  };
}

function drawn(plan: ComposerPlan | null, { shown = found, overrideRefusal = null as string | null } = {}): string {
  const client = new QueryClient();
  client.setQueryData([...queryKeys.preflight('tgt_1'), 'ssg', null, null], shown);
  if (plan) client.setQueryData(gatesKey('tgt_1', revision), plan);
  return renderToStaticMarkup(
    <QueryClientProvider client={client}>
      <SwitchSheet asked={{ row, mode: 'ssg' }} {...{ switchMode: never, overrideRefusal, onClose: () => undefined }} />
    </QueryClientProvider>,
  );
}
/** What the button says, and whether it is off. */
function press(html: string) {
  const [, attributes = '', says = ''] = /.*(<button.*?)>((?:(?!<button).)*)<\/button>/s.exec(html) ?? [];
  return { off: attributes.includes('aria-disabled="true"'), says: says.replace(/<[^>]+>/g, '') };
}

test('the checklist of the environment is there to be ticked, and the button says what is open', () => {
  const html = drawn(planOf([gate('checklist', 'waiting')], { checklist: CHECKLIST }));
  for (const item of CHECKLIST) expect(html).toContain(item);
  expect(html.match(/type="checkbox"/g)).toHaveLength(2);
  expect(html).toContain('2 items of the checklist are not ticked.');
  expect(press(html)).toEqual({ off: true, says: 'Switch to SSG' });
});

test('a freeze is said with the way through it, for whoever may', () => {
  const html = drawn(planOf([frozen]));
  expect(html).toContain('Frozen by Ana: a fair.');
  expect(html).toContain('Go through the freeze…');
  expect(press(html).off).toBe(true);
  expect(drawn(planOf([frozen]), { overrideRefusal: 'Ask an administrator.' })).toContain('Ask an administrator.');
});

test('the button is on once the gates of that commit are there and open, and asks where people have to approve', () => {
  expect(press(drawn(null))).toEqual({ off: true, says: 'Switch to SSG' });
  expect(drawn(null)).toContain('Its gates are still being asked.');
  expect(press(drawn(planOf([gate('lock', 'open')])))).toEqual({ off: false, says: 'Switch to SSG' });
  const asks = planOf([gate('approval', 'waiting')], { approvals: 1 });
  expect(press(drawn(asks))).toEqual({ off: false, says: 'Ask to switch to SSG' });
});

test('what cannot be built has no gates before it', () => {
  const blocker = { code: 'proxy', sentence: 'A proxy needs a server.', where: 'proxy.ts', line: null, mend: null };
  const html = drawn(planOf([], { checklist: CHECKLIST }), { shown: { ...found, blockers: [blocker] } });
  expect(html).not.toContain('checkbox');
  expect(html).toContain('One thing stands in the way.');
});

test('what is ticked and why a freeze should let it through go with the press', () => {
  const plan = planOf([gate('checklist', 'waiting'), frozen], { checklist: CHECKLIST });
  const brought = { ticked: ['Support knows', 'Backup taken', 'Asked for yesterday'], override: ' Customers wait ' };
  expect(blockedSwitch(plan, brought)).toBeNull();
  expect(blockedSwitch(plan, { ...brought, override: '' })).toBe('Frozen by Ana: a fair.');
  expect(draftOf(found, null, plan, brought)).toEqual({
    ...{ targetId: 'tgt_1', mode: 'ssg', preflight: found.digest, revision: null },
    ...{ checklist: CHECKLIST, freezeOverrideReason: 'Customers wait' },
  });
  const nothing = draftOf(found, 'main', planOf([]), { ticked: [], override: '' });
  expect(nothing).toMatchObject({ revision, checklist: [], freezeOverrideReason: null });
});
