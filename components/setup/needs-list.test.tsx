import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import type { Need } from '@/lib/blueprints/model/blueprint';
import { NeedsList } from './needs-list';

const cluster: Need = { name: 'ECS_CLUSTER', kind: 'variable', why: 'The cluster.' };
const service: Need = { name: 'ECS_SERVICE', kind: 'variable', why: 'The service.', without: '“api” is taken.' };

it('what may be missing stands apart from what has to exist, with what happens without it', () => {
  const html = renderToStaticMarkup(<NeedsList needs={[service, cluster]} />);
  const [required = '', optional = ''] = html.split('These may be missing');
  expect([required.includes('ECS_CLUSTER'), required.includes('ECS_SERVICE')]).toEqual([true, false]);
  expect(optional).toContain('Without it: “api” is taken.');
  expect(renderToStaticMarkup(<NeedsList needs={[cluster]} />)).not.toContain('missing');
});
