import { describe, expect, test } from 'vitest';
import { freezeInput } from '@/lib/gates/model/schemas';
import type { FreezeEntry } from '@/lib/gates/model/view';
import { draftOf, type FreezeDraft, inputOf, newDraft, weekdayOf } from './freeze-draft';

const draft = (more: Partial<FreezeDraft>): FreezeDraft => ({
  ...newDraft(new Date(2026, 10, 26, 17, 20), 'Europe/Berlin'),
  name: 'Weekend',
  reason: 'Nobody is there',
  ...more,
});

describe('the form of a freeze', () => {
  test('begins at the next full hour and is sent as it is shown', () => {
    expect(freezeInput.parse(inputOf(draft({})))).toMatchObject({
      startsAt: '2026-11-26T18:00',
      durationMinutes: 240,
      recurrence: null,
      timeZone: 'Europe/Berlin',
      environmentId: null,
    });
  });

  test('before midnight the next full hour is tomorrow', () => {
    expect(newDraft(new Date(2026, 11, 31, 23, 30), 'UTC').startsAt).toBe('2027-01-01T00:00');
  });

  test.each([
    [{ repeats: 'once' }, null],
    [{ repeats: 'daily' }, 'FREQ=DAILY'],
    [{ repeats: 'yearly' }, 'FREQ=YEARLY'],
    [{ repeats: 'weekly', days: ['SU', 'FR'] }, 'FREQ=WEEKLY;BYDAY=FR,SU'],
    // No day ticked: the day on which it begins.
    [{ repeats: 'weekly', days: [] }, 'FREQ=WEEKLY;BYDAY=TH'],
    [{ repeats: 'rule', rule: ' rrule:freq=monthly;bymonthday=-1 ' }, 'FREQ=MONTHLY;BYMONTHDAY=-1'],
  ] as const)('%j is the rule %s, which the server accepts', (more, rule) => {
    const input = inputOf(draft(more as Partial<FreezeDraft>));
    expect(input.recurrence).toBe(rule);
    expect(freezeInput.safeParse(input).success).toBe(true);
  });

  test.each(['', '0', 'soon', '-3'])('a length of “%s” is refused in words, not sent as something else', (length) => {
    const refused = freezeInput.safeParse(inputOf(draft({ length })));
    expect(refused.error?.issues.map((issue) => issue.message)).toEqual(['At least 5 minutes.']);
  });

  test('half a day may be typed in hours or in days', () => {
    expect(inputOf(draft({ length: '0,5', unit: 'days' })).durationMinutes).toBe(720);
    expect(inputOf(draft({ length: '12', unit: 'hours' })).durationMinutes).toBe(720);
  });

  test.each([
    { durationMinutes: 2880, recurrence: 'FREQ=WEEKLY;BYDAY=FR' },
    { durationMinutes: 90, recurrence: null },
    { durationMinutes: 480, recurrence: 'FREQ=DAILY' },
    { durationMinutes: 1440, recurrence: 'FREQ=MONTHLY;BYMONTHDAY=1;UNTIL=20271231T000000Z' },
  ])('opened and saved unchanged it is the same freeze: %j', (stored) => {
    const entry = {
      ...stored,
      scope: { environment: { id: 'env_1' }, component: null, target: null },
      name: 'Sale',
      reason: 'Sale',
      timeZone: 'America/New_York',
      startsAt: '2026-11-27T16:00',
    } as FreezeEntry;
    expect(inputOf(draftOf(entry))).toMatchObject({
      ...stored,
      environmentId: 'env_1',
      componentId: null,
      timeZone: 'America/New_York',
      startsAt: '2026-11-27T16:00',
    });
  });
});

test('the weekday is that of the typed day, whatever the zone of the browser', () => {
  expect(weekdayOf('2026-11-27T00:30')).toBe('FR');
  expect(weekdayOf('nonsense')).toBeNull();
});
