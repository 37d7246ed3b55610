import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { EstateTarget } from '@/lib/targets/model/view';
import { SavedTarget, savedPath } from './saved-target';

const target = (id: string, environment: string) =>
  ({ id, label: '', component: { name: 'Web' }, environment: { name: environment } }) as EstateTarget;
const targets = [target('tgt_1', 'Staging'), target('tgt_2', 'Production')];
const words = (saved: { id: string; also?: string[]; left?: number }) =>
  renderToStaticMarkup(<SavedTarget targets={targets} saved={{ also: [], left: 0, ...saved }} />);

test('the list is told by its address what a save changed beside its target', () => {
  expect(savedPath('tgt_1', { alsoChanged: [], notChanged: 0 })).toBe('/estate?saved=tgt_1');
  const also = { id: 'tgt_2', name: 'Web to Production' };
  expect(savedPath('tgt_1', { alsoChanged: [also], notChanged: 2 })).toBe('/estate?saved=tgt_1&also=tgt_2&left=2');
});

test('it names those that the reader sees, and counts those that still have the former name', () => {
  expect(words({ id: 'tgt_1' })).not.toContain('renamed');
  const said = words({ id: 'tgt_1', also: ['tgt_2', 'tgt_unseen'], left: 2 });
  expect(said).toContain('Also changed: Web to Production.');
  expect(said).toContain('former name: 2,');
  expect(words({ id: 'tgt_gone', left: 2 })).toBe('');
});
