import { expect, it } from 'vitest';
import type { PublishedReport } from '../promises/render.mjs';
import { lastOf } from './publish';

const report = (name: string, run: string) => ({ name, run }) as PublishedReport;

it('takes what ran here, keeps what is told of the others, and drops what is no experiment any more', () => {
  const here = [report('kills', 'full')];
  const told = [report('kills', 'told'), report('load', 'told'), report('gone', 'told')];
  const short = [report('load', 'short'), report('clicks', 'short')];
  const last = lastOf(['clicks', 'kills', 'load', 'never'], here, told, short);
  expect(last.map(({ name, run }) => `${name} ${run}`)).toEqual(['clicks short', 'kills full', 'load told']);
});
