import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test, vi } from 'vitest';
import type { PackageDetail, PackageDifference } from '@/lib/extensions/model/view';
import { AgainButton } from './again-button';
import { DifferencePanel } from './difference-panel';
import { UploadPanel } from './upload-panel';

vi.mock('next/navigation', () => ({ useRouter: () => ({ push: () => undefined }) }));
const idle = { run: async () => ({ ok: false }), pending: false, refusal: null, fields: {}, clear: () => undefined };
vi.mock('@/components/console/use-action', () => ({ useAction: () => idle }));

const none = { added: [], removed: [] };
const same: PackageDifference = {
  ...{ engine: null, prerelease: null, targetPlatform: null, size: { from: 100, to: 100 }, folders: [] },
  ...{ activationEvents: none, commands: none, contributes: none, dependencies: none, proposedApi: none },
  ...{ capabilities: none, files: { ...none, changed: [], more: 0 } },
};

const LIVE: Partial<PackageDetail['against']> = { why: 'live', liveAt: ['Open VSX', 'VS Marketplace'] };

function drawn(difference: PackageDifference | null, compared = LIVE, others: unknown[] = []): string {
  const against = difference && { id: 'b'.repeat(64), version: '0.9.0', ...compared };
  const view = { id: 'a'.repeat(64), prerelease: true, against, difference, others } as unknown as PackageDetail;
  return renderToStaticMarkup(<DifferencePanel view={view} />).replace(/<[^>]+>/g, ' ');
}

test('only what is the same in all of it is called the same: other code in a file of the same name is named', () => {
  const quiet = 'It starts on the same, has the same commands, dependencies and files.';
  expect(drawn(same)).toContain(quiet);
  const changed = drawn({ ...same, files: { ...none, changed: ['extension/out/main.js'], more: 3 } });
  expect(changed).not.toContain(quiet);
  expect(changed).toContain('extension/out/main.js');
  expect(changed).toContain('3 more files are not named here.');
});

test('what it newly starts on or needs stands apart from what it lost', () => {
  const text = drawn({ ...same, activationEvents: { added: ['*'], removed: ['onCommand:a'] } });
  expect(text).toMatch(/added\s+\*\s+removed\s+onCommand:a/);
});

test('what it is compared with is called live only where it is, with the galleries, and else said not to be known to be', () => {
  expect(drawn(same)).toContain('Since 0.9.0, live at Open VSX, VS Marketplace');
  const before = drawn(same, { why: 'before', liveAt: [] });
  expect(before).toContain('Since 0.9.0, the newest older one kept here; it is not known to be live');
  expect(drawn(same, { why: 'chosen', liveAt: [] })).toContain('Since 0.9.0, as chosen');
});

test('with nothing to compare with it says so instead of nothing changed', () => {
  expect(drawn(null)).toContain('There is no other package of this extension to compare it with.');
  const stable = { id: 'b'.repeat(64), version: '0.9.0', targetPlatform: 'universal' };
  expect(drawn(null, null, [stable])).toContain('no older pre-release of this extension is live or kept here');
});

test('who may not upload is told why at the button', () => {
  const html = renderToStaticMarkup(<UploadPanel disabledReason="Ask for the role operator." />);
  expect(html).toMatch(/<button[^>]*aria-disabled="true"/);
  expect(renderToStaticMarkup(<UploadPanel disabledReason={null} />)).not.toContain('aria-disabled="true"');
});

test('an older package offers its next number, the newest has none, and who may not is told why', () => {
  const button = (nextVersion: string | null, disabledReason: string | null = null) => {
    const view = { id: 'a'.repeat(64), version: '1.4.0', nextVersion };
    const again = async () => Promise.reject(new Error('Nothing is pressed here.'));
    return renderToStaticMarkup(<AgainButton {...{ view, again, disabledReason }} />);
  };
  expect(button('1.5.1')).toContain('Make it again as 1.5.1');
  expect(button(null)).toBe('');
  expect(button('1.5.1', 'Ask for the role operator.')).toContain('aria-disabled="true"');
});
