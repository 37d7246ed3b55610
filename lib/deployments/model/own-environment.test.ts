import { describe, expect, test } from 'vitest';
import type { FormField } from '@/lib/providers/port';
import {
  type EnvironmentWords,
  inOwnEnvironment,
  isDecided,
  leadsElsewhere,
  namesEnvironment,
  runsElsewhere,
  sentElsewhere,
  withoutBlanks,
  writtenElsewhere,
} from './own-environment';

const WORDS: EnvironmentWords = {
  label: 'Staging',
  own: ['staging', 'stage'],
  others: new Map([
    ['production', 'Production'],
    ['live', 'Production'],
  ]),
};
const field = (over: Partial<FormField> = {}): FormField => ({
  ...{ name: 'environment', type: 'environment', description: '', required: true, default: null, options: [] },
  ...over,
});
const inOwn = (over: Partial<FormField>) => inOwnEnvironment([field(over)], WORDS)[0] ?? expect.fail();
const elsewhere = (over: Partial<FormField>, value?: string) =>
  leadsElsewhere([field(over)], WORDS, value === undefined ? {} : { environment: value });

test.each([
  [{ name: 'place', type: 'environment' }, true],
  [{ name: 'Environment', type: 'choice' }, true],
  [{ name: 'environment', type: 'string' }, true],
  [{ name: 'environment', type: 'boolean' }, false],
  [{ name: 'level', type: 'choice' }, false],
] as const)('whether %j names an environment: %s', (input, is) => {
  expect(namesEnvironment(input)).toBe(is);
});

describe('the form of a target', () => {
  test('stands at its own environment where that is offered, whatever the default, and offers no other', () => {
    const own = inOwn({ options: ['production', 'Staging'], default: 'production' });
    expect(own).toMatchObject({ options: ['Staging'], default: 'Staging' });
    expect(isDecided(own)).toBe(true);
    expect(inOwn({ type: 'choice', options: ['live', 'stage'] })).toMatchObject({ options: ['stage'] });
  });

  test('that cannot be offered any is filled in with our word where it has to be, and stays open', () => {
    expect(inOwn({})).toMatchObject({ default: 'staging', options: [] });
    expect(inOwn({ type: 'string', default: 'production' })).toMatchObject({ default: 'staging', options: [] });
    expect(isDecided(inOwn({}))).toBe(false);
  });

  test('whose places are others than ours is left as it is, but never at another environment of ours', () => {
    const pages = { options: ['github-pages', 'preview'], default: 'github-pages' };
    expect(inOwn(pages)).toEqual(field(pages));
    expect(inOwn({ options: ['production', 'preview'], default: 'production' }).default).toBeNull();
    expect(inOwn({ type: 'string', required: false }).default).toBeNull();
    const level = { name: 'level', type: 'choice', options: ['staging', 'production'] } as const;
    expect(inOwn({ ...level, options: [...level.options] }).options).toHaveLength(2);
  });
});

describe('what a run falls back to while an input is empty', () => {
  const blank = { required: false, type: 'environment' as const };
  test('is another environment: our own word is filled in, or it has to be chosen', () => {
    const away = { ...blank, whenEmpty: ['build', 'Production'] };
    expect(inOwn(away)).toMatchObject({ default: 'staging', options: [] });
    expect(elsewhere(away, '')).toBeNull();
    const offered = { ...away, options: ['blue', 'green'] };
    expect(inOwn(offered)).toMatchObject({ default: null, required: true, options: ['blue', 'green'] });
    expect(elsewhere(offered)).toMatch(/“Production”/);
    expect(elsewhere(offered, '')).toMatch(/“Production”/);
    expect(elsewhere(offered, 'blue')).toBeNull();
  });

  test('is our own, or a place of which we have no word: it stays empty', () => {
    for (const whenEmpty of [['staging'], ['github-pages']]) {
      expect(inOwn({ ...blank, whenEmpty })).toMatchObject({ default: null, required: false });
      expect(elsewhere({ ...blank, whenEmpty })).toBeNull();
    }
  });
});

describe('a value', () => {
  const offered = { options: ['staging', 'production', 'preview'] };
  test.each([
    ['another environment of ours', offered, 'production', /“production”/],
    ['the same in capitals', { type: 'string' as const }, 'PRODUCTION', /“PRODUCTION”/],
    ['what another target fixes', { type: 'string' as const }, 'live', /Production \(“live”\)/],
    ['any other place, where the own one is offered', offered, 'preview', /“preview”/],
    ['nothing, where the workflow falls back to another', { options: ['production'], default: 'production' }, '', /./],
    ['left out, the same', { options: ['production'], default: 'production' }, undefined, /./],
  ])('that is %s is refused', (_, over, value, says) => {
    expect(elsewhere(over, value)).toMatch(says);
  });

  test.each([
    ['the own one', offered, 'staging'],
    ['its other name', { type: 'string' as const }, 'Stage'],
    ['left out where the own one is filled in', { ...offered, default: 'production' }, undefined],
    ['a place of which we have no word', { options: ['github-pages', 'preview'] }, 'preview'],
    ['nothing, where nothing has to be', { required: false }, ''],
  ])('that is %s passes', (_, over, value) => {
    expect(elsewhere(over, value)).toBeNull();
  });

  test('filled in before is only known to lead to what we have a word for', () => {
    expect(sentElsewhere(WORDS, { place: 'production' })).toMatch(/This target is Staging/);
    expect(sentElsewhere(WORDS, { place: 'preview', other: 'staging' })).toBeNull();
  });

  test('that is blank makes room for the own one, in no other field', () => {
    const level = field({ name: 'level', type: 'string' });
    expect(withoutBlanks([field(), level], { environment: '', level: '' })).toEqual({ level: '' });
  });
});

describe('a job that runs in a place of which a piece is called like another environment', () => {
  const words: EnvironmentWords = {
    label: 'Production',
    own: ['prod', 'production'],
    others: new Map(['eu', 'staging'].map((word) => [word, word])),
  };
  const runs = (texts: string[], parts: string[]) => runsElsewhere(words, [{ texts, parts }]);

  test.each([
    ['with the own slug as text of the file', 'prod-eu', 'eu'],
    ['with the own name that the settings fix', 'production-staging', 'staging'],
    ['behind it', 'eu/Prod', 'eu'],
    ['with a name of the vendor’s', 'prd-eu', 'eu'],
  ])('is refused %s: whether another target runs there is not known', (_, text, part) => {
    expect(runs([text], [part])).toMatch(/would run in/);
  });

  test('passes where what is filled in says the own one besides', () => {
    expect(runs(['prod-eu'], ['prod', 'eu'])).toBeNull();
  });
});

test('where only the branch or tag leads elsewhere, nothing is said of inputs', () => {
  const sentence = runsElsewhere(WORDS, [{ texts: ['production'], parts: [], byRef: true }]);
  expect(sentence).toMatch(/from this branch or tag a job .* Choose a branch or tag that leads to Staging/);
  expect(sentence).not.toMatch(/input|Fill in/);
});

describe('a job of the workflow', () => {
  const runs = (texts: string[], parts: string[] = []) => runsElsewhere(WORDS, [{ texts, parts }]);
  test.each<[string, string[], string[], RegExp]>([
    ['in another environment', ['production'], [], /would run in “production”/],
    ['in one that has another name there', ['LIVE'], [], /would run in Production \(“LIVE”\)/],
    ['in one of several others', ['live', 'production'], [], /Production \(“live”\)/],
    ['in a place that is named after another', ['production-eu'], ['production'], /Production \(“production-eu”\)/],
  ])('that runs %s is refused', (_, texts, parts, says) => {
    expect(runs(texts, parts)).toMatch(says);
  });

  test.each([
    ['in the own one', ['Stage'], []],
    ['in the own one or another', ['production', 'staging'], []],
    ['in one of which we have no word, or another', ['qa', 'production'], []],
    ['in none', [''], []],
    ['in a place that is named after the own one as well', ['staging-production'], ['staging', 'production']],
    ['in a place that is named after neither', ['eu-west'], ['eu', 'west']],
  ])('that runs %s passes', (_, texts, parts) => {
    expect(runs(texts, parts)).toBeNull();
  });
});

describe('a job whose file names its environment itself', () => {
  const place = (text: string, over: object = {}) => ({
    ...{ texts: [text], parts: [], written: { job: 'live', file: 'deploy.yml' } },
    ...over,
  });
  test('is refused by a word of another environment alone', () => {
    expect(writtenElsewhere(WORDS, [place('stage'), place('github-pages')])).toBeNull();
    const sentence = writtenElsewhere(WORDS, [place('stage'), place('LIVE')]);
    expect(sentence).toMatch(
      /^This target is Staging, and the job “live” of deploy\.yml would run in Production \(“LIVE”\)/,
    );
    expect(sentence).toMatch(/Give that job an “if:” on an input, or Staging a workflow of its own/);
    expect(runsElsewhere(WORDS, [place('LIVE')]), 'nor for settings of another target').toBeNull();
  });

  test('passes where own settings lead there', () => {
    expect(writtenElsewhere(WORDS, [place('live')], { isOwn: (text) => text === 'live' })).toBeNull();
  });

  test('is told without names where they were not kept', () => {
    const unnamed = place('live', { written: { job: '', file: '' } });
    expect(writtenElsewhere(WORDS, [unnamed])).toMatch(/and a job of its workflow would run in Production/);
  });
});
