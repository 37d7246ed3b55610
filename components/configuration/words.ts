import type { Tone } from '@/components/ui/tone';
import type { Outcome, Parity, Step } from '@/lib/configuration/model/view';

/** A word and how it is coloured, for each of a few. */
type Words<K extends string> = Readonly<Record<K, { word: string; tone: Tone }>>;

export const STEP: Words<Step> = {
  create: { word: 'Create', tone: 'good' },
  replace: { word: 'Replace', tone: 'warn' },
  remove: { word: 'Remove', tone: 'bad' },
  leave: { word: 'Leave', tone: 'neutral' },
  refused: { word: 'Refused', tone: 'bad' },
};

export const OUTCOME: Words<Outcome> = {
  created: { word: 'Created', tone: 'good' },
  replaced: { word: 'Replaced', tone: 'good' },
  removed: { word: 'Removed', tone: 'good' },
  taken: { word: 'Taken, not live yet', tone: 'warn' },
  left: { word: 'Left', tone: 'neutral' },
  failed: { word: 'Not done', tone: 'bad' },
  unknown: { word: 'Not known', tone: 'warn' },
};

export const PARITY: Words<Parity> = {
  same: { word: 'the same', tone: 'good' },
  different: { word: 'different', tone: 'neutral' },
  there: { word: 'there', tone: 'neutral' },
  missing: { word: 'not there', tone: 'warn' },
  unreadable: { word: 'not known', tone: 'neutral' },
};
