import type { Class } from '../classes';
import { CLASS_WORDS } from '../classes';
import type { Delivery } from '../dora';

/** 2026-11-02, a Monday, 00:00 UTC. */
export const MONDAY = Date.UTC(2026, 10, 2);
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

let made = 0;

/** A change that took ten minutes and was committed an hour before it was asked for. `at` = asked for. */
export function delivery(at: number, over: Partial<Delivery> = {}): Delivery {
  made += 1;
  return {
    id: `dep_${made}`,
    number: made,
    targetId: 'tgt_api',
    component: { slug: 'backend', name: 'Backend' },
    environment: { slug: 'production', name: 'Production' },
    label: '',
    kind: 'deploy',
    goesBack: false,
    status: 'succeeded',
    ref: 'main',
    sha: `${made}`.padStart(40, '0'),
    version: '1.0.0',
    title: 'Add a thing',
    reason: '',
    requestedAt: at,
    submittedAt: at + MINUTE,
    startedAt: at + 2 * MINUTE,
    doneAt: at + 9 * MINUTE,
    finishedAt: at + 10 * MINUTE,
    committedAt: at - HOUR,
    again: false,
    said: {},
    ...over,
  };
}

/** What a person said, for `said` of a delivery. */
export function said(word: Class): Delivery['said'] {
  return { [CLASS_WORDS[word].axis]: { id: `cls_${word}`, word, reason: 'For this test', by: 'Ada', at: MONDAY } };
}
