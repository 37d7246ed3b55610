import { UnrecognizedActionError } from 'next/dist/client/components/unrecognized-action-error';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { ActionResult } from '@/lib/kernel/result';
import { askWith, withProof } from './proof';

const asked: ActionResult<string> = {
  ok: false,
  refusal: { code: 'step_up_required', sentence: 'Enter your password once more.' },
  stepUp: 'password',
};

let stop = () => {};
afterEach(() => stop());

function attempts(...answers: ActionResult<string>[]) {
  let count = 0;
  return { run: async () => answers[count++] ?? asked, count: () => count };
}

describe('an action that needs a fresh proof', () => {
  test('runs again once the person has proven who they are', async () => {
    const ways: string[] = [];
    stop = askWith(async (way) => ways.push(way) > 0);
    const attempt = attempts(asked, { ok: true, value: 'done' });
    expect(await withProof(attempt.run)).toEqual({ ok: true, value: 'done' });
    expect(attempt.count()).toBe(2);
    expect(ways).toEqual(['password']);
  });

  test('stays refused when the person does not', async () => {
    stop = askWith(async () => false);
    const attempt = attempts(asked);
    expect(await withProof(attempt.run)).toBe(asked);
    expect(attempt.count()).toBe(1);
  });

  test('any other answer is passed on, and nobody is asked', async () => {
    stop = askWith(() => Promise.reject(new Error('nobody is to be asked')));
    const refused: ActionResult<string> = { ok: false, refusal: { code: 'forbidden', sentence: 'No.' } };
    expect(await withProof(attempts(refused).run)).toBe(refused);
  });

  test('pressed before the dialog is there waits for it', async () => {
    const attempt = attempts(asked, { ok: true, value: 'done' });
    const pressed = withProof(attempt.run);
    await vi.waitFor(() => expect(attempt.count()).toBe(1));
    stop = askWith(async () => true);
    expect(await pressed).toEqual({ ok: true, value: 'done' });
  });

  test('two presses before the dialog is there are asked once, and both go through', async () => {
    const all = [1, 2].map(() => attempts(asked, { ok: true, value: 'done' }));
    const pressed = all.map(({ run }) => withProof(run));
    await vi.waitFor(() => expect(all.map(({ count }) => count())).toEqual([1, 1]));
    const answers: ((proven: boolean) => void)[] = [];
    // The dialog, which keeps the last of them alone.
    stop = askWith(() => new Promise((resolve) => answers.push(resolve)));
    await vi.waitFor(() => expect(answers).not.toEqual([]));
    answers.at(-1)?.(true);
    expect(await Promise.all(pressed)).toEqual([1, 2].map(() => ({ ok: true, value: 'done' })));
    expect(answers).toHaveLength(1);
  });

  test('the next press after an answer is asked anew', async () => {
    const ways: string[] = [];
    stop = askWith(async (way) => ways.push(way) > 1);
    expect(await withProof(attempts(asked).run)).toBe(asked);
    expect(await withProof(attempts(asked, { ok: true, value: 'done' }).run)).toMatchObject({ ok: true });
    expect(ways).toEqual(['password', 'password']);
  });

  test('stays refused when the dialog goes with its page, and the next page asks anew', async () => {
    stop = askWith(() => new Promise(() => {}));
    const attempt = attempts(asked);
    const pressed = withProof(attempt.run);
    await vi.waitFor(() => expect(attempt.count()).toBe(1));
    stop();
    expect(await pressed).toBe(asked);
    stop = askWith(async () => true);
    expect(await withProof(attempts(asked, { ok: true, value: 'done' }).run)).toMatchObject({ ok: true });
  });

  test('where nobody comes to ask, the refusal says what to do', async () => {
    vi.useFakeTimers();
    try {
      const pressed = withProof(attempts(asked).run);
      await vi.advanceTimersByTimeAsync(10_000);
      expect(await pressed).toBe(asked);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('a page of an older version of the console', () => {
  const gone = () => Promise.reject(new UnrecognizedActionError('Server Action "7f00" was not found on the server.'));

  test('is told to reload, and that nothing was done', async () => {
    expect(await withProof(gone)).toEqual({
      ok: false,
      refusal: { code: 'console_updated', sentence: expect.stringMatching(/was updated.*nothing was done\. Reload/) },
    });
  });

  test('and any other failure stays one', async () => {
    await expect(withProof(() => Promise.reject(new TypeError('fetch failed')))).rejects.toThrow('fetch failed');
  });
});
