import { expect, test } from 'vitest';
import type { FormField, InputValue } from '@/lib/providers/port';
import { isFormerKept, KEPT_RELEASES, releasesOf, takesKept, withoutKept } from './kept';

const field = (name: string, type: FormField['type']): FormField => ({
  ...{ name, type, description: '', required: false, default: null, options: [] },
});
const row = (remoteId: string | null, remoteAttempt = 1, kept?: string) => {
  const inputs: Record<string, InputValue> = kept === undefined ? {} : { [KEPT_RELEASES]: kept };
  return { remoteId, remoteAttempt, inputs };
};

test.each([
  [row('123'), '123-1'],
  [row('123', 2), '123-2'],
  // It may have served what it was told to, and then built nothing of its own.
  [row('300', 1, '200-1 100-2'), '300-1 200-1 100-2'],
  [row('300', 1, '300-1'), '300-1'],
  [row('300', 1, ''), '300-1'],
  [row('9', 1, '1-1 2-1 3-1 4-1 5-1 6-1'), '9-1 1-1 2-1 3-1 4-1'],
  // What is no release is not handed on, whoever wrote it.
  [row('300', 1, '1-1;id ../x 200-1'), '300-1 200-1'],
])('a deployment is served again by what it built, or by what it was told to serve: %j', (of, releases) => {
  expect(releasesOf(of)).toBe(releases);
});

test.each([[row(null)], [row('dpl_abc')], [row('', 1)]])(
  'of a run that is not known it is not known either: %j',
  (of) => {
    expect(releasesOf(of)).toBeNull();
  },
);

test('a workflow takes them by an input for text of that name; one that only has “kept” is of before', () => {
  const form = (...fields: FormField[]) => ({ fields });
  const kept = field('kept', 'boolean');
  expect([takesKept(null), isFormerKept(null)]).toEqual([false, false]);
  expect(takesKept(form(field(KEPT_RELEASES, 'boolean')))).toBe(false);
  expect([takesKept(form(kept)), isFormerKept(form(kept))]).toEqual([false, true]);
  expect(isFormerKept(form(field('kept', 'string'))), 'of its own').toBe(false);
  const now = form(kept, field(KEPT_RELEASES, 'string'));
  expect([takesKept(now), isFormerKept(now), withoutKept(now)]).toEqual([true, false, form(kept)]);
});
