import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import type { ConfigurationView, SettingRow } from '@/lib/configuration/model/view';
import { SettingTable } from './setting-table';

const view: ConfigurationView = {
  environment: { id: 'env_1', slug: 'staging', name: 'Staging', approvals: 0 },
  ...{ readAt: '2026-11-27T00:00:00.000Z', staleDays: 180, rules: null, without: [], places: [], targets: [] },
  ...{ others: [{ slug: 'production', name: 'Production' }], rows: [] },
};
const gone: SettingRow = {
  ...{ kind: 'variable', name: 'LEVEL', at: [], namedBy: [], missingFor: [], notLiveFor: [], removedFor: [] },
  elsewhere: [{ environment: 'production', parity: 'there' }],
};
const drawn = (over: Partial<SettingRow>) =>
  renderToStaticMarkup(
    <SettingTable view={{ ...view, rows: [{ ...gone, ...over }] }} refusal={null} onEdit={() => expect.fail()} />,
  ).replaceAll('<!-- -->', '');

it('what was removed and is still live has a row that says where, and what takes it away', () => {
  const of = (until: SettingRow['removedFor'][number]['until']) => [
    { id: 'tgt_1', name: 'Backend', runtime: false, until },
  ];
  const html = drawn({ removedFor: of('next-deployment') });
  expect(html).toMatch(/Removed<.*Still live in Backend until the next deployment\./);
  expect(html).toContain('not here');
  expect(html, 'it is not only elsewhere').not.toContain('Only in another environment.');
  expect(html, 'there is nothing to remove').not.toContain('Remove LEVEL');
  expect(drawn({ removedFor: of('next-start') })).toContain('Still live in Backend until it is started anew.');
  expect(drawn({ removedFor: of('roll-out') })).toContain('until the deployment that is on its way is completed.');
  expect(drawn({})).toContain('Only in another environment.');
});

it('what is missing says who asks for it, and once why another name does not do instead', () => {
  const because = 'PLACE does not do instead: web goes there too.';
  const asks = (id: string) => ({ id, name: id, because });
  const html = drawn({ missingFor: [asks('One'), asks('Two')] });
  expect(html).toMatch(/Missing<.*One, Two asks for it\. PLACE does not do instead: web goes there too\.\s*</);
  expect(html.split(because)).toHaveLength(2);
});
