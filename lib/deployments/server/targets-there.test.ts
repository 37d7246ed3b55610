// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the vendor's expressions and must stay text.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { comesTo, leadsTo } from '@/lib/providers/github/leads-to';
import { formFrom } from '@/lib/providers/github/workflow-form';
import type { InputValue, SentWith } from '@/lib/providers/port';
import { type EnvironmentWords, runsElsewhere } from '../model/own-environment';
import { type Neighbour, targetsThere } from '../model/targets-there';

type Values = Record<string, InputValue>;
interface Target {
  of: string;
  fixed: Values;
  isFollowed?: boolean;
}

const NAMES = ['staging', 'production', 'eu'];
const wordsOf = (name: string): EnvironmentWords => ({
  ...{ label: name, own: [name] },
  others: new Map(NAMES.filter((each) => each !== name).map((each) => [each, each])),
});

/** Why staging may not be sent with this where its target fixes that and these are the others; null = it may. */
function answer(environment: string, inputs: Values, others: readonly Target[], fixed: Values = {}, left = 5_000_000) {
  return followed(environment, inputs, others, fixed, left).sentence;
}

/** The same, and how often the file was worked out for it. */
function followed(environment: string, inputs: Values, others: readonly Target[], fixed: Values, left: number) {
  const declared = '{sha: {}, stage: {}, zone: {}, environment: {}, place: {type: environment}, live: {type: boolean}}';
  const text = `on: {workflow_dispatch: {inputs: ${declared}}}\njobs: {a: {environment: ${JSON.stringify(environment)}}}`;
  const form = formFrom(text, { path: 'deploy.yml', sha: 'a', url: '' }, []);
  const revision = { ref: 'main', refKind: 'branch', sha: 'b'.repeat(40) } as const;
  const sent: SentWith = { inputs, fixed, revision };
  const effort = { left };
  let looks = 0;
  const run = {
    ...{ sent, inputs: form.places?.inputs.filter(({ name }) => name !== 'sha') ?? [] },
    leadsTo: (each: SentWith) => {
      looks += 1;
      return leadsTo(form, each, effort);
    },
    comesTo: (each: SentWith, open: readonly string[] | 'rest') => {
      looks += 1;
      return comesTo(form, { ...each, open }, effort);
    },
    isSpent: () => effort.left < 0,
  };
  const all = [{ of: 'staging', fixed }, ...others].map(
    ({ of, isFollowed = true, ...rest }: Target): Neighbour => ({
      ...{ ...rest, isFollowed, isOwn: of === 'staging', words: wordsOf(of) },
    }),
  );
  return { sentence: runsElsewhere(wordsOf('staging'), leadsTo(form, sent), targetsThere(run, all)), looks };
}

const BOTH = '${{ inputs.stage }}-${{ inputs.zone }}';
const COMPARED = "${{ inputs.stage == 'a' && 'live' || inputs.stage == 'b' && inputs.zone || 'qa' }}";
const FORMATTED = "${{ format('{0}-{1}', inputs.stage, inputs.zone) }}";

const value = fc.constantFrom('a', 'b', 'live', 'qa', 'STAGING', ...NAMES);
const filled = fc.record({ stage: value, zone: value });
const partly = fc.record({ stage: value, zone: value }, { requiredKeys: [] });
const template = fc.constantFrom(BOTH, COMPARED, FORMATTED, 'staging-${{ inputs.zone }}', '${{ inputs.zone }}-eu');
const away = fc.constantFrom('production', 'eu');
const PRODUCTION = (fixed: Values, over: Partial<Target> = {}): Target => ({ of: 'production', fixed, ...over });

/** Where it goes by GitHub's own rules, in small letters. */
const MADE: Record<string, (values: Values) => string> = {
  [BOTH]: ({ stage = '', zone = '' }) => `${stage}-${zone}`,
  [FORMATTED]: ({ stage = '', zone = '' }) => `${stage}-${zone}`,
  [COMPARED]: ({ stage = '', zone = '' }) => (stage === 'a' ? 'live' : String((stage === 'b' && zone) || 'qa')),
  'staging-${{ inputs.zone }}': ({ zone = '' }) => `staging-${zone}`,
  '${{ inputs.zone }}-eu': ({ zone = '' }) => `${zone}-eu`,
};
const placeOf = (environment: string, values: Values) => (MADE[environment]?.(values) ?? '').toLowerCase();

describe('what is filled in', () => {
  test('never leads to where the settings of another environment’s target lead, unless the own ones decide or share it', () => {
    fc.assert(
      fc.property(template, filled, filled, away, (environment, sent, theirs, of) => {
        const place = placeOf(environment, theirs);
        fc.pre(placeOf(environment, sent) === place && place !== 'staging');
        expect(answer(environment, sent, [{ of, fixed: theirs }])).toMatch(/^This target is staging/);
        // Both environments' settings lead there: no gate is passed by.
        if (!NAMES.includes(place))
          expect(
            answer(environment, sent, [
              { of, fixed: theirs },
              { of: 'staging', fixed: theirs },
            ]),
          ).toBeNull();
      }),
      { numRuns: 400 },
    );
  });

  test('is refused where the target fixes some of it, and another’s what is filled in for the rest', () => {
    fc.assert(
      fc.property(template, filled, filled, fc.constantFrom('stage', 'zone'), (environment, values, theirs, name) => {
        const fixed = { [name]: values[name as keyof typeof values] };
        const place = placeOf(environment, theirs);
        fc.pre(placeOf(environment, values) === place && place !== 'staging');
        const isDecided = placeOf(environment, { ...fixed }) === placeOf(environment, { ...values, ...fixed });
        fc.pre(!isDecided && environment !== COMPARED);
        expect(answer(environment, values, [PRODUCTION(theirs)], fixed)).not.toBeNull();
      }),
      { numRuns: 400 },
    );
  });

  test('is refused no more than before by targets that go elsewhere, whatever they are called', () => {
    fc.assert(
      fc.property(template, filled, filled, away, (environment, sent, theirs, of) => {
        fc.pre(placeOf(environment, sent) !== placeOf(environment, theirs));
        expect(answer(environment, sent, [{ of, fixed: theirs }])).toBe(answer(environment, sent, []));
      }),
      { numRuns: 400 },
    );
  });

  test('is refused for a neighbour with the same settings no more than without', () => {
    fc.assert(
      fc.property(template, fc.constantFrom('a', 'b', 'live'), partly, (environment, stage, fixed) => {
        const sent = { stage, zone: 'west', ...fixed };
        const plain = answer(environment, sent, [], fixed);
        fc.pre(plain === null && !JSON.stringify(sent).includes('production'));
        expect(answer(environment, sent, [PRODUCTION(fixed)], fixed)).toBeNull();
      }),
      { numRuns: 400 },
    );
  });

  test('is let through by an own target’s settings only where these alone lead to the very place', () => {
    fc.assert(
      fc.property(template, filled, partly, filled, (environment, sent, own, theirs) => {
        const others = [PRODUCTION(theirs)];
        fc.pre(answer(environment, sent, others) !== null);
        const allowed = answer(environment, sent, [...others, { of: 'staging', fixed: own }]) === null;
        if (allowed) expect(placeOf(environment, { ...sent, ...own })).toBe(placeOf(environment, sent));
      }),
      { numRuns: 400 },
    );
  });
});

describe('a target of another environment that leaves inputs open', () => {
  test('goes where it goes with what its settings fix, whatever is filled in for the rest', () => {
    const others = [PRODUCTION({ stage: 'live' })];
    expect(answer(BOTH, { stage: 'live', zone: 'west' }, others)).toMatch(/“live-west”, where a target of production/);
    expect(answer(BOTH, { stage: 'qa', zone: 'west' }, others)).toBeNull();
  });

  test('goes where it goes while the rest is left out', () => {
    const written = "${{ inputs.stage == 'a' && (inputs.zone == '' && 'live' || 'other') || inputs.zone }}";
    expect(answer(written, { zone: 'live' }, [PRODUCTION({ stage: 'a' })])).toMatch(/“live”/);
  });

  test('does not go where it would be refused itself', () => {
    const others = [PRODUCTION({ zone: 'west' })];
    expect(answer(BOTH, { stage: 'staging', zone: 'west' }, others)).toBeNull();
    const compared = "${{ inputs.environment == 'staging' && 'qa' || 'live' }}-${{ inputs.zone }}";
    expect(answer(compared, { environment: 'staging', zone: 'west' }, others)).toBeNull();
    expect(answer(compared, { environment: 'other', zone: 'west' }, others)).toMatch(/“live-west”/);
  });

  test('goes where its environment’s word leads, in whichever input the file knows it', () => {
    const named = "${{ (inputs.stage == 'p' || inputs.stage == 'production') && 'live' || 'qa' }}";
    expect(answer(named, { stage: 'p' }, [PRODUCTION({})])).toMatch(/“live”/);
    expect(answer(named, { stage: 'p' }, [])).toBeNull();
    expect(answer(named, { stage: 'other' }, [PRODUCTION({})])).toBeNull();
    const blind = "${{ inputs.stage == 'd' && 'qa' || 'live' }}";
    expect(answer(blind, { stage: 'other' }, [PRODUCTION({})]), 'its word says nothing there').toBeNull();
    expect(answer(blind, { stage: 'production' }, [PRODUCTION({})]), 'unless it is sent').toMatch(/“live”/);
  });

  test('goes where all lead but the own environment’s word: what is left empty or mistyped goes there too', () => {
    const fallback = "${{ inputs.stage == 'staging' && 'qa' || 'prod' }}";
    for (const stage of ['', 'stagging', 'production'])
      expect(answer(fallback, { stage }, [PRODUCTION({})]), stage).toMatch(/“prod”, where a target of production/);
    expect(answer(fallback, {}, [PRODUCTION({})])).toMatch(/“prod”/);
    expect(answer(fallback, { stage: 'staging' }, [PRODUCTION({})])).toBeNull();
    expect(answer(fallback, {}, []), 'nobody else goes there').toBeNull();
    expect(answer(fallback, {}, [PRODUCTION({}), { of: 'staging', fixed: { stage: 'old' } }]), 'shared').toBeNull();
    const other = "${{ inputs.stage == 'production' && 'live' || 'qa' }}";
    for (const stage of ['', 'stagging', 'staging'])
      expect(answer(other, { stage }, [PRODUCTION({}), { of: 'eu', fixed: {} }]), stage).toBeNull();
  });

  test('may come to a place of two words that it can be sent to, and always by a file that is not read', () => {
    const mixed = { stage: 'production', zone: 'staging' };
    expect(answer(BOTH, mixed, [])).toBeNull();
    expect(answer(BOTH, mixed, [PRODUCTION({ zone: 'west' })])).toBeNull();
    expect(answer(BOTH, mixed, [{ of: 'eu', fixed: {} }])).toBeNull();
    expect(answer(BOTH, mixed, [PRODUCTION({})])).toMatch(/production \(“production-staging”\)/);
    expect(answer(BOTH, mixed, [PRODUCTION({ zone: 'west' }, { isFollowed: false })])).not.toBeNull();
  });

  test('has its own environment where that is asked for, whatever was sent here', () => {
    const others = [PRODUCTION({ stage: 'live' })];
    const asked = "${{ inputs.environment != 'x' && inputs.place != 'x' && inputs.stage }}-${{ inputs.zone }}";
    const sent = { stage: 'live', zone: 'west', environment: 'staging', place: 'staging' };
    expect(answer(asked, sent, others)).toMatch(/“live-west”/);
  });
});

test('what is not worked out, for there is too much of it, counts as another’s', () => {
  const others = [PRODUCTION({ stage: 'other' })];
  expect(answer(BOTH, { stage: 'live', zone: 'west' }, others)).toBeNull();
  expect(answer(BOTH, { stage: 'live', zone: 'west' }, others, {}, 0)).toMatch(/may go/);
  expect(answer(BOTH, { stage: 'staging', zone: 'west' }, [], {}, 0), 'but nobody’s is nobody’s').toBeNull();
});

test('nor is any more of it worked out, however many targets there are', () => {
  const others = Array.from({ length: 300 }, (_, at) => PRODUCTION({ stage: `other-${at}` }));
  const looked = (left: number) => followed(BOTH, { stage: 'live', zone: 'west' }, others, {}, left);
  expect(looked(1_000_000).sentence).toBeNull();
  const { sentence, looks } = looked(2_000);
  expect(sentence).toMatch(/may go/);
  expect(looks).toBeLessThan(50);
});
