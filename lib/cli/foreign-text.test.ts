import { afterEach, describe, expect, test, vi } from 'vitest';
import { Client } from './client';
import { jsonText, processTerminal } from './terminal';
import { sit } from './testing/sit';

afterEach(() => vi.restoreAllMocks());

/** Sets the clipboard, clears the screen, begins a line that looks like ours, and turns the rest around. */
const EVIL = 'TypeError\u001b]52;c;ZXZpbA==\u0007\u001b[2J\nHealthy. Nothing was worse.\u202e';
const SHOWN = 'TypeError\\u001b]52;c;ZXZpbA==\\u0007\\u001b[2J Healthy. Nothing was worse.\\u202e';

const one = { source: 'Errors', judged: false, more: 0, problem: null, alerts: [] };
const issue = { id: 'A-1', title: EVIL, count: 1, firstSeenAt: '', url: 'https://issues.example.com/1' };
const judged = {
  ...{ verdict: 'worse', closed: true, why: EVIL, rollBack: null, automatic: null, written: [] },
  report: { signals: [], beside: [{ ...one, issues: [issue] }] },
};
const place = { place: 'p', label: EVIL, sentence: EVIL };
const answers: Record<string, [args: string[], got: object, changed: object]> = {
  verdict: [['dep_1'], judged, {}],
  why: [['dep_1'], { burned: { sentence: EVIL }, waits: [], service: null, problem: EVIL }, {}],
  versions: [
    ['docs'],
    { versions: [], defaultName: null, live: { sentence: EVIL }, problems: [{ sentence: EVIL }] },
    {},
  ],
  failure: [['dep_1'], { failure: null, verdict: EVIL }, {}],
  'connection verify': [['con_1'], [{ id: 'con_1', name: EVIL }], { ok: false, account: '', problems: [EVIL] }],
  'config set': [
    ['KEY', '--environment', 'staging'],
    { places: [{ key: 'p', label: 'own', shared: false, absent: false }] },
    { steps: [], shown: 's', complete: true, places: [place], sentence: EVIL },
  ],
};

describe('text that strangers write', () => {
  test.each(Object.keys(answers))('moves no cursor and makes no line of its own in “%s”', async (name) => {
    const [args, got, changed] = answers[name] ?? [[], {}, {}];
    const client = new Client({ url: 'http://127.0.0.1:1', token: 'none' }, new AbortController().signal);
    client.get = async <T>() => got as T;
    client.change = async <T>() => changed as T;
    const { out } = await sit(name, args, client, 'n', 'value');
    expect(out).toContain(SHOWN);
    expect(out).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]|^Healthy/mu);
  });

  test('is made visible by the terminal itself, whichever command forgets it; JSON comes out as it is', () => {
    const printed: string[] = [];
    const keep = (text: string | Uint8Array) => printed.push(String(text)) > 0;
    vi.spyOn(process.stdout, 'write').mockImplementation(keep);
    vi.spyOn(process.stderr, 'write').mockImplementation(keep);
    const terminal = processTerminal(new AbortController().signal);
    terminal.say(EVIL);
    terminal.note(EVIL);
    terminal.say(jsonText({ said: EVIL }));
    vi.restoreAllMocks();
    const shown = `${SHOWN.replace(' Healthy', '\nHealthy')}\n`;
    expect(printed).toEqual([shown, shown, `${jsonText({ said: EVIL })}\n`]);
    expect(JSON.parse(printed[2] ?? '')).toEqual({ said: EVIL });
  });
});
