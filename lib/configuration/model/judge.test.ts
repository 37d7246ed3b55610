import { describe, expect, test } from 'vitest';
import { judge, missingFor, takenIn } from './judge';
import { nameFor, sizeProblem } from './names';
import type { EntryReading, PlaceReading, Reading, TargetReading } from './reading';

const NOW = '2026-11-27T00:00:00.000Z';
const secret = (name: string, updatedAt = '2026-11-01T00:00:00.000Z'): EntryReading => ({
  ...{ kind: 'secret', name, createdAt: updatedAt, updatedAt, digest: null },
});
const variable = (name: string, digest: string, updatedAt = '2026-11-01T00:00:00.000Z'): EntryReading => ({
  ...{ kind: 'variable', name, createdAt: updatedAt, updatedAt, digest },
});
const place = (key: string, entries: EntryReading[] | null): [string, PlaceReading] => [key, { key, entries }];

function target(environment: string, over: Partial<TargetReading> = {}): TargetReading {
  return {
    ...{ id: `tgt_${environment}`, name: `Backend in ${environment}`, environment },
    ...{ places: [environment, 'repository'], named: [], complete: true, live: null, takesEffect: 'next-deployment' },
    ...over,
  };
}

function reading(targets: TargetReading[], ...places: [string, PlaceReading][]): Reading {
  return { targets, places: new Map(places) };
}

const rowOf = (from: Reading, name: string, environment = 'production') =>
  judge(from, environment, NOW).find((each) => each.name === name);

describe('what an environment has, and has not', () => {
  test('a name that a workflow asks for and that is in none of its places is missing, of its own kind only', () => {
    const named = [
      { kind: 'secret', name: 'A' },
      { kind: 'variable', name: 'B' },
      { kind: 'secret', name: 'C' },
    ] as const;
    const production = target('production', { named: [...named] });
    const from = reading([production], place('production', [secret('A'), secret('B')]), place('repository', []));
    expect(missingFor(from, production).map(({ kind, name }) => `${kind} ${name}`)).toEqual(['variable B', 'secret C']);
    expect(rowOf(from, 'C')).toMatchObject({ at: [], missingFor: [{ id: 'tgt_production' }] });
    expect(rowOf(from, 'A')).toMatchObject({ missingFor: [], namedBy: [{ id: 'tgt_production' }] });
  });

  test('of several names for one value each is enough, and the first is the one that is missing', () => {
    const named = [
      { kind: 'variable', name: 'OWN', or: ['OF_BEFORE'] },
      { kind: 'variable', name: 'OF_BEFORE', optional: true },
    ] as const;
    const production = target('production', { named: [...named] });
    const from = (...entries: EntryReading[]) =>
      reading([production], place('production', entries), place('repository', []));
    expect(missingFor(from(), production)).toEqual([{ kind: 'variable', name: 'OWN' }]);
    expect(rowOf(from(), 'OWN')).toMatchObject({ missingFor: [{ id: 'tgt_production' }] });
    for (const each of ['OWN', 'OF_BEFORE']) {
      expect(missingFor(from(variable(each, 'a')), production)).toEqual([]);
      expect(rowOf(from(variable(each, 'a')), 'OWN')).toMatchObject({ missingFor: [] });
    }
    expect(missingFor(from(secret('OF_BEFORE')), production), 'of another kind').toHaveLength(1);
  });

  test('where another name does not do instead, both say why', () => {
    const because = 'OF_BEFORE does not do instead: another one goes there.';
    const named = [
      { kind: 'variable', name: 'OWN', because },
      { kind: 'variable', name: 'OF_BEFORE', optional: true },
    ] as const;
    const production = target('production', { named: [...named] });
    const from = (...entries: EntryReading[]) =>
      reading([production], place('production', entries), place('repository', []));
    const before = from(variable('OF_BEFORE', 'a'));
    expect(missingFor(before, production)).toEqual([{ kind: 'variable', name: 'OWN', because }]);
    expect(rowOf(before, 'OWN')).toMatchObject({ missingFor: [{ id: 'tgt_production', because }] });
    expect(missingFor(from(variable('OWN', 'a')), production)).toEqual([]);
    expect(rowOf(from(), 'OF_BEFORE')).toMatchObject({ missingFor: [] });
  });

  test('a name that each environment has to have for itself is told where several share it, also beside the own one', () => {
    const named = [{ kind: 'variable', name: 'PLACE', unshared: true }] as const;
    const production = target('production', { named: [...named] });
    const shared = (entries: EntryReading[]): [string, PlaceReading] => [
      'repository',
      { key: 'repository', shared: true, entries },
    ];
    const one = variable('PLACE', 'a');
    const lacked = (own: EntryReading[], all: EntryReading[]) =>
      missingFor(reading([production], place('production', own), shared(all)), production);
    expect(lacked([], [])).toEqual([{ kind: 'variable', name: 'PLACE' }]);
    expect(lacked([one], [])).toEqual([]);
    for (const own of [[], [one]])
      expect(lacked(own, [one])).toEqual([{ kind: 'variable', name: 'PLACE', shared: true }]);
  });

  test('nothing is called missing while a place could not be read', () => {
    const production = target('production', { named: [{ kind: 'secret', name: 'A' }] });
    const from = reading([production], place('production', []), place('repository', null));
    expect(missingFor(from, production)).toEqual([]);
  });

  test('a secret is stale after 180 days and a variable never', () => {
    const old = '2026-05-30T23:59:59.000Z';
    const young = '2026-05-31T00:00:01.000Z';
    const entries = [secret('OLD', old), secret('YOUNG', young), variable('V', 'd', old)];
    const from = reading([target('production')], place('production', entries), place('repository', []));
    const stale = (name: string) => rowOf(from, name)?.at[0]?.stale;
    expect([stale('OLD'), stale('YOUNG'), stale('V')]).toEqual([true, false, false]);
  });
});

describe('what runs there, beside what deploys it', () => {
  const started = '2026-11-10T12:00:00.000Z';
  const earlier = '2026-11-10T11:00:00.000Z';
  const later = '2026-11-10T13:00:00.000Z';
  const renew = 'Restart it.';
  const live = { number: 12, sentAt: '2026-11-10T14:00:00.000Z' };
  const runtime = (over: Partial<TargetReading> = {}) =>
    target('production', {
      ...{ name: 'Backend on Cluster', runtime: true, places: ['cluster'], takesEffect: 'next-start', live },
      ...{ named: null, running: { since: started, renew } },
      ...over,
    });
  const entries = [variable('OLD', 'd', earlier), variable('NEW', 'd', later)];
  const of = (over?: Partial<TargetReading>) => reading([runtime(over)], place('cluster', entries));

  test('is not live when it was changed after what runs was started, whatever was deployed since', () => {
    const found = { id: 'tgt_production', runtime: true, number: null, since: started, changedAt: later };
    expect(rowOf(of(), 'NEW')?.notLiveFor).toMatchObject([found]);
    expect(rowOf(of(), 'OLD')?.notLiveFor).toEqual([]);
  });

  test('is never called so where nothing runs or nobody can say, nor taken in by a deployment', () => {
    expect(rowOf(of({ running: { since: null, renew } }), 'NEW')?.notLiveFor).toEqual([]);
    expect(rowOf(of({ running: undefined }), 'NEW')?.notLiveFor).toEqual([]);
    expect(takenIn(of(), runtime())).toEqual([]);
  });

  test('counts also what it does not name, and misses what it names', () => {
    const named = [{ kind: 'secret' as const, name: 'TOKEN' }];
    const all = of({ named, readsAll: true });
    expect(rowOf(all, 'NEW')?.notLiveFor).toHaveLength(1);
    expect(rowOf(all, 'TOKEN')?.missingFor).toHaveLength(1);
    expect(rowOf(of({ named }), 'NEW')?.notLiveFor, 'it reads what it names only').toEqual([]);
  });
});

describe('changed but not live', () => {
  const sentAt = '2026-11-10T12:00:00.000Z';
  const before = '2026-11-10T11:59:59.000Z';
  const after = '2026-11-10T12:00:01.000Z';
  const live = { number: 12, sentAt };

  test('is what was changed after the deployment that is live was sent, where the workflow names it', () => {
    const named = [
      { kind: 'secret', name: 'NEW' },
      { kind: 'secret', name: 'OLD' },
    ] as const;
    const entries = [secret('NEW', after), secret('OLD', before), secret('UNNAMED', after)];
    const from = reading(
      [target('production', { live, named: [...named] })],
      place('production', entries),
      place('repository', []),
    );
    expect(rowOf(from, 'NEW')?.notLiveFor).toMatchObject([{ id: 'tgt_production', number: 12, changedAt: after }]);
    expect(rowOf(from, 'OLD')?.notLiveFor).toEqual([]);
    expect(rowOf(from, 'UNNAMED')?.notLiveFor).toEqual([]);
  });

  test('asks the nearest of two, nothing where nothing is live, and nothing where a change counts at once', () => {
    const places = [place('production', [secret('A', before)]), place('repository', [secret('A', after)])] as const;
    const found = (over: Partial<TargetReading>) =>
      rowOf(reading([target('production', { named: null, ...over })], ...places), 'A')?.notLiveFor.length;
    expect(found({ live })).toBe(0);
    expect(found({ live, places: ['repository'] })).toBe(1);
    expect(found({ live: null, places: ['repository'] })).toBe(0);
    expect(found({ live, places: ['repository'], takesEffect: 'at-once' })).toBe(0);
    expect(found({ live, places: ['repository'], ours: 'A' }), 'this console sets it itself').toBe(0);
  });

  test('what the next deployment takes in is kept with its times, the nearest of two, the newest first', () => {
    const places = [
      place('production', [secret('A', before), secret('B', after)]),
      place('repository', [secret('A', after), secret('C', before), { ...variable('D', 'd'), updatedAt: null }]),
    ] as const;
    const taken = (over: Partial<TargetReading>) => {
      const production = target('production', { named: null, ...over });
      return takenIn(reading([production], ...places), production).map(({ name, changedAt }) => [name, changedAt]);
    };
    expect(taken({})).toEqual([
      ['B', after],
      ['A', before],
      ['C', before],
    ]);
    expect(taken({ named: [{ kind: 'secret', name: 'C' }] })).toEqual([['C', before]]);
    expect(taken({ ours: 'B' })).toEqual([
      ['A', before],
      ['C', before],
    ]);
    expect(taken({ takesEffect: 'at-once' })).toEqual([]);
  });
});

describe('parity with another environment', () => {
  const both = [target('staging'), target('production')];
  const parity = (from: Reading, name: string) => rowOf(from, name)?.elsewhere[0]?.parity;

  test('variables are the same or different, secrets are there or missing', () => {
    const from = reading(
      both,
      place('staging', [variable('SAME', 'a'), variable('OTHER', 'b'), secret('S'), variable('ONLY_THERE', 'x')]),
      place('production', [variable('SAME', 'a'), variable('OTHER', 'c'), secret('S'), secret('ONLY_HERE')]),
      place('repository', []),
    );
    expect(['SAME', 'OTHER', 'S', 'ONLY_HERE', 'ONLY_THERE'].map((name) => parity(from, name))).toEqual([
      'same',
      'different',
      'there',
      'missing',
      'there',
    ]);
    expect(rowOf(from, 'ONLY_THERE')?.at, 'a row of its own, with nothing here').toEqual([]);
  });

  test('one entry that both read is the same, unless one of them has a nearer one', () => {
    const shared = [secret('S'), variable('V', 'a')];
    const plain = reading(both, place('staging', []), place('production', []), place('repository', shared));
    expect([parity(plain, 'S'), parity(plain, 'V')]).toEqual(['same', 'same']);
    const nearer = [secret('S'), variable('V', 'b')];
    const over = reading(both, place('staging', nearer), place('production', []), place('repository', shared));
    expect([parity(over, 'S'), parity(over, 'V')]).toEqual(['there', 'different']);
  });

  test('what could not be read there is not called missing', () => {
    const from = reading(both, place('staging', null), place('production', [secret('S')]), place('repository', []));
    expect(parity(from, 'S')).toBe('unreadable');
  });
});

describe('names and sizes', () => {
  const rule = { name: { pattern: '(?!GITHUB_)[A-Z_][A-Z0-9_]*', letters: 'upper', says: '' } } as const;

  test.each([
    ['api_key', 'API_KEY'],
    ['_x', '_X'],
    ['1X', null],
    ['github_token', null],
    ['A-B', null],
    ['A\nB', null],
  ])('%j is kept as %j', (typed, kept) => {
    expect(nameFor(rule, typed)).toBe(kept);
  });

  test('a value is measured in bytes', () => {
    const kinds = { secret: { readable: false, maxBytes: 6, expression: '' } };
    expect(sizeProblem({ kinds }, 'secret', 'äää')).toBeNull();
    expect(sizeProblem({ kinds }, 'secret', 'ääää')).toContain('KB');
    expect(sizeProblem({ kinds }, 'variable', 'x')).toContain('no variables');
  });
});

describe('removed, and still live', () => {
  const liveNames = [{ kind: 'variable', name: 'LEVEL' } as const, { kind: 'secret', name: 'TOKEN' } as const];
  const served = (over: Partial<TargetReading> = {}) => target('production', { liveNames, ...over });
  const found = { id: 'tgt_production', name: 'Backend in production', runtime: false };
  const of = (entries: EntryReading[] | null, over?: Partial<TargetReading>) =>
    reading(
      [served(over), target('staging')],
      place('production', entries),
      place('repository', []),
      place('staging', []),
    );

  test('has a row of its own, for the target whose live revision has it, and for no other environment', () => {
    const from = of([secret('TOKEN')]);
    expect(rowOf(from, 'LEVEL')).toMatchObject({
      at: [],
      missingFor: [],
      removedFor: [{ ...found, until: 'next-deployment' }],
    });
    expect(rowOf(from, 'TOKEN')?.removedFor).toEqual([]);
    expect(rowOf(from, 'LEVEL', 'staging')).toBeUndefined();
    expect(rowOf(of([], { takesEffect: 'next-start', runtime: true }), 'LEVEL')?.removedFor).toMatchObject([
      { runtime: true, until: 'next-start' },
    ]);
  });

  test('goes by itself while a roll-out is on its way, where a change counts at once', () => {
    const until = (over: Partial<TargetReading>) => rowOf(of([], over), 'LEVEL')?.removedFor.map((each) => each.until);
    expect(until({ takesEffect: 'at-once', passing: true })).toEqual(['roll-out']);
    expect(until({ takesEffect: 'at-once' })).toEqual(['next-deployment']);
    expect(until({ takesEffect: 'next-deployment', passing: true })).toEqual(['next-deployment']);
  });

  test('is said only where every place could be read, and not of what is there as the other kind', () => {
    expect(rowOf(of(null), 'LEVEL')).toBeUndefined();
    expect(rowOf(of([], { complete: false }), 'LEVEL')).toBeUndefined();
    expect(rowOf(of([secret('LEVEL')]), 'LEVEL')).toMatchObject({ kind: 'secret', removedFor: [] });
    expect(rowOf(of([], { ours: 'LEVEL' }), 'LEVEL'), 'this console sets it itself').toBeUndefined();
    expect(rowOf(of([], { liveNames: undefined }), 'LEVEL'), 'nobody can say').toBeUndefined();
  });
});
