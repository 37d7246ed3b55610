import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { dropKept, keptInTab } from '@/components/approval/kept-in-tab';
import {
  type AheadNews,
  afterNews,
  answersAhead,
  type GivenAhead,
  keptAhead,
  meantBy,
  onceEachTime,
} from '@/lib/gates/model/given-ahead';
import type { RemoteGateView } from '@/lib/gates/model/remote-gate';
import { AheadNotice } from './ahead-notice';
import { Ahead } from './remote-rules';

const reviewers = [{ kind: 'person' as const, name: 'mara' }];
const gate = (environment: string, more = {}) => ({
  ...{ id: '1', environment, url: '', waitMinutes: 0, timerSince: null, reviewers },
  ...more,
});
const held = (gates: ReturnType<typeof gate>[], refusal: RemoteGateView['refusal'] = null): RemoteGateView => ({
  ...{ providerLabel: 'Vendor', since: '', until: null, own: { login: 'mara', problem: null }, gates, refusal },
  notApproved: null,
});
const yields = (...news: AheadNews[]) => news.reduce<GivenAhead | null>(afterNews, null);
const given = (...environments: string[]): AheadNews => ({ kind: 'given', digest: 'd', environments });
const shown = (yes: GivenAhead | null, asks: RemoteGateView | null) =>
  renderToStaticMarkup(<AheadNotice given={yes} held={asks} onWithdraw={() => {}} />);
const no = { code: 'own_token_missing', sentence: 'None.' };

describe('a yes that was given ahead', () => {
  it('answers exactly what it named, and never anything else', () => {
    const yes = yields(given('production'));
    expect(answersAhead(held([gate('Production')]), yes)).toBe(true);
    expect(answersAhead(held([gate('production'), gate('eu')]), yes)).toBe(false);
    expect(answersAhead(held([gate('production'), gate('eu', { reviewers: [] })]), yes)).toBe(true);
    expect(answersAhead(held([gate('staging')]), yes)).toBe(false);
    expect([answersAhead(held([]), yes), answersAhead(held([gate('production')]), yields(given()))]).toEqual([
      false,
      false,
    ]);
    expect(answersAhead(held([gate('production')], no), yes)).toBe(false);
  });

  it('answers gates one after the other, and each takes away only what was answered', () => {
    const first = yields(given('staging', 'production'), { kind: 'sending' });
    expect(answersAhead(held([gate('staging')]), first), 'it is under way').toBe(false);
    const second = afterNews(first, { kind: 'answered', environments: ['Staging'] });
    expect(answersAhead(held([gate('staging')]), second)).toBe(false);
    expect(answersAhead(held([gate('production')]), second)).toBe(true);
    expect(afterNews(second, { kind: 'answered', environments: ['production'] })).toBeNull();
  });

  it('that did not get through is not sent again by itself, however often the provider asks anew', () => {
    const yes = yields(given('production'), { kind: 'sending' }, { kind: 'refused' });
    expect(answersAhead(held([gate('production')]), yes)).toBe(false);
    expect(shown(yes, held([gate('production')]))).toContain('did not get through');
    expect(yields(given('production'), { kind: 'withdrawn' })).toBeNull();
  });

  it('outlives a way round by the identity provider, for the same content alone', () => {
    const yes = yields(given('production'), { kind: 'sending' });
    const text = JSON.stringify(yes);
    expect(keptAhead(text, 'd')).toEqual(yields(given('production')));
    expect([
      keptAhead(text, 'other'),
      keptAhead(null, 'd'),
      keptAhead('{', 'd'),
      keptAhead('{"digest":"d"}', 'd'),
    ]).toEqual([null, null, null, null]);
    const refused = yields(given('production'), { kind: 'refused' });
    expect(keptAhead(JSON.stringify(refused), 'd')?.state).toBe('refused');
  });

  it('is sent once each time that the provider asks, however often the page draws it', () => {
    const asks = held([gate('production')]);
    const turn = onceEachTime();
    let yes = yields(given('staging', 'production'));
    const sent: string[] = [];
    /** What the effect does: whether it is due is asked at each drawing, and drawing twice changes nothing. */
    const draw = (now: RemoteGateView) => {
      const due = answersAhead(now, yes);
      for (const _ of ['once', 'and as React may repeat it']) if (turn(due)) sent.push(now.gates[0]?.environment ?? '');
    };
    draw(held([]));
    draw(asks);
    expect(sent).toEqual(['production']);
    yes = afterNews(yes, { kind: 'sending' });
    draw(asks);
    yes = afterNews(yes, { kind: 'answered', environments: ['production'] });
    draw(asks);
    draw(held([gate('staging')]));
    expect(sent).toEqual(['production', 'staging']);
    yes = afterNews(yes, { kind: 'refused' });
    for (const now of [held([]), held([gate('staging')])]) draw(now);
    expect(sent).toHaveLength(2);
  });

  const shelfOf = (kept: Map<string, string>) => ({
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
    key: (at: number) => [...kept.keys()][at] ?? null,
    get length() {
      return kept.size;
    },
  });
  const broken = () => {
    throw new Error('The browser keeps nothing.');
  };

  it('is taken back in the tab as well, and kept for no other content', () => {
    const shelf = new Map<string, string>();
    const storage = shelfOf(shelf);
    const tab = keptInTab(() => storage, 'mara', 'd');
    const yes = tab.after(null, given('production'));
    expect([tab.read(), keptInTab(() => storage, 'mara', 'other').read()]).toEqual([yes, null]);
    tab.after(yes, { kind: 'refused' });
    expect(tab.read()?.state, 'a page that is opened anew does not send it').toBe('refused');
    expect(tab.after(yes, { kind: 'withdrawn' })).toBeNull();
    expect([tab.read(), shelf.size]).toEqual([null, 0]);
    const none = keptInTab(broken, 'mara', 'd');
    expect([none.read(), none.after(null, given('production'))?.state]).toEqual([null, 'waits']);
  });

  it('is the yes of who gave it alone, whoever signs in in the same tab after them', () => {
    const shelf = new Map([['theme', 'dark']]);
    const storage = shelfOf(shelf);
    keptInTab(() => storage, 'mara', 'd').after(null, given('production'));
    const other = keptInTab(() => storage, 'jon', 'd');
    expect(answersAhead(held([gate('production')]), other.read())).toBe(false);
    const [key = '', value = ''] = [...shelf].at(-1) ?? [];
    shelf.set(key.replace('mara', 'jon'), value);
    expect(other.read(), 'what is kept bears its person as well').toBeNull();
    dropKept(() => storage);
    expect([...shelf.keys()]).toEqual(['theme']);
    expect(() => dropKept(broken)).not.toThrow();
  });

  it('never says that it will be sent where it will not', () => {
    const yes = yields(given('production'));
    const soon = 'is sent as soon as the provider asks';
    expect(shown(yes, null)).toContain(soon);
    expect(shown(yes, null)).toContain('Do not send it');
    expect(shown(yes, held([gate('production')]))).toContain(soon);
    for (const asks of [held([gate('production')], no), held([gate('production'), gate('eu')])]) {
      expect(shown(yes, asks)).not.toContain(soon);
      expect(shown(yes, asks)).toContain('was not sent');
    }
    expect(shown(null, held([gate('production')]))).toBe('');
  });
});

describe('the tick', () => {
  const box = (chosen: readonly string[], cannot: string | null = null) =>
    renderToStaticMarkup(
      <Ahead environments={['production']} cannot={cannot} label="Vendor" chosen={chosen} onChange={() => {}} />,
    );

  it('stands for the question beside it and no earlier one', () => {
    expect([meantBy(['production'], ['production']), meantBy(['production'], []), meantBy([], ['production'])]).toEqual(
      [['production'], [], []],
    );
    expect(meantBy(['staging'], ['staging', 'production'])).toEqual([]);
    expect(box(['production'])).toMatch(/checked=""/);
    expect(box(['staging'])).not.toMatch(/checked=""/);
  });

  it('says what is needed, and why where it cannot be', () => {
    expect(box([])).toMatch(/one gate after the other.*stays open.*15 minutes/);
    expect(box([], 'No token.')).not.toContain('checkbox');
    expect(box([], 'No token.')).toContain('No token.');
  });
});
