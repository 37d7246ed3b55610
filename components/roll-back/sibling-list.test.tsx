import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import type { RollBackPlan } from '@/lib/deployments/model/roll-back';
import { SiblingList } from './sibling-list';

type Sibling = RollBackPlan['siblings'][number];
const SIBLING: Sibling = {
  ...{ targetId: 'tgt_1', component: 'Docs', environment: 'Staging', label: '', how: 'redeploy', usualMs: 42_000 },
  lastGood: { id: 'dep_1', number: 41, sha: 'a'.repeat(40) },
};
const drawn = (over: Partial<Sibling>) => {
  const environment = { slug: 'staging', name: 'Staging', isProduction: false };
  const plan = { target: { environment }, siblings: [{ ...SIBLING, ...over }] } as RollBackPlan;
  return renderToStaticMarkup(<SiblingList plan={plan} />);
};

it('offers the way back of another target there, with what it goes back to', () => {
  const text = drawn({});
  expect(text).toContain('href="/targets/tgt_1/roll-back"');
  expect(text).toMatch(/Redeploy, usually 42 s[\s\S]*#41[\s\S]*aaaaaaa/);
});

it('offers none where nothing went well before, and none where it only goes forwards', () => {
  const nothing = drawn({ lastGood: null });
  expect(nothing).toContain('nothing to go back to');
  const oneWay = drawn({ how: 'roll-forward' });
  expect(oneWay).toContain('Roll forward · a newer version replaces what is out');
  for (const text of [nothing, oneWay]) expect(text).not.toContain('href=');
});
