import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { ModeProof } from './mode-proof';

const row = { targetId: 'tgt_1', mode: 'ssr', live: null } as const;
const SAYS = 'AETHERSTACK_RENDERING in web says ssg, so what Vercel builds by itself is SSG.';

test('where the host is set to another mode than the recorded one it says so beside it, for that target alone', () => {
  const drawn = (targetId: string, atHost: string | null) =>
    renderToStaticMarkup(<ModeProof row={row} counts={[{ targetId, atHost }]} />);
  expect(drawn('tgt_1', SAYS)).toContain(SAYS);
  expect(drawn('tgt_1', SAYS)).toContain('Set otherwise at the host');
  for (const agrees of [drawn('tgt_1', null), drawn('tgt_2', SAYS)]) expect(agrees).not.toContain('at the host');
  expect(renderToStaticMarkup(<ModeProof row={row} counts={null} />)).not.toContain('at the host');
});
