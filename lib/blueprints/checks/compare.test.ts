import { applyPatch } from 'diff';
import { describe, expect, it } from 'vitest';
import { compareFiles, recordedElsewhere, shownDigest } from '../model/compare';
import { type BlueprintFile, blueprintFiles, recordPath } from '../model/generate';
import { describeProposal } from '../model/proposal-text';
import { MATRIX } from '../testing/matrix';

const settings = MATRIX['backend: Vercel, with an image too'] as never as { port: number };
const wanted = await blueprintFiles(settings as never);
/** As an earlier release of the console would have made them. */
const earlier = await blueprintFiles({
  ...settings,
  port: 8_123,
  platform: { type: 'vercel', region: 'fra1' },
} as never);
const DOCKERFILE = 'backend/Dockerfile';
const VERCEL = 'backend/vercel.json';

const repository = (files: readonly BlueprintFile[], changes: Record<string, string | undefined> = {}) => {
  const all = new Map(files.map(({ path, text }) => [path, text]));
  for (const [path, text] of Object.entries(changes)) {
    if (text === undefined) all.delete(path);
    else all.set(path, text);
  }
  return all;
};
const textIn = (files: readonly BlueprintFile[], path: string) => files.find((file) => file.path === path)?.text ?? '';
const states = async (existing: ReadonlyMap<string, string>) =>
  Object.fromEntries((await compareFiles(existing, wanted, 'backend')).map(({ path, state }) => [path, state]));

describe('a repository compared with what it should have', () => {
  it('lacks everything when it is empty, with every line in the diff', async () => {
    const compared = await compareFiles(new Map(), wanted, 'backend');
    expect(compared.map(({ path }) => path)).toEqual(wanted.map(({ path }) => path));
    for (const { path, state, diff, before } of compared) {
      expect([state, before]).toEqual(['missing', null]);
      expect(applyPatch('', diff)).toBe(textIn(wanted, path));
    }
  });

  it('needs nothing when it is up to date, also with the line ends of Windows', async () => {
    const windows = textIn(wanted, DOCKERFILE).replaceAll('\n', '\r\n');
    const compared = await compareFiles(repository(wanted, { [DOCKERFILE]: windows }), wanted, 'backend');
    expect(compared.filter(({ state, diff }) => state !== 'same' || diff !== '')).toEqual([]);
  });

  it('tells what is ours but older from what people edited, with and without room for a seal', async () => {
    expect(await states(repository(earlier))).toMatchObject({ [DOCKERFILE]: 'older', [VERCEL]: 'older' });
    const edited = await states(
      repository(earlier, {
        [DOCKERFILE]: textIn(earlier, DOCKERFILE).replace('USER 10001', 'USER root'),
        [VERCEL]: textIn(earlier, VERCEL).replace('30', '60'),
      }),
    );
    expect(edited).toMatchObject({ [DOCKERFILE]: 'edited', [VERCEL]: 'edited' });
  });

  it('shows as different what was never ours: no seal, no record, or a seal far below', async () => {
    const foreign = `FROM scratch\n${'RUN true\n'.repeat(100)}${textIn(earlier, DOCKERFILE)}`;
    const without = repository(earlier, { [DOCKERFILE]: foreign, [recordPath('backend')]: undefined });
    expect(await states(without)).toMatchObject({ [DOCKERFILE]: 'differs', [VERCEL]: 'differs' });
    const broken = repository(earlier, { [recordPath('backend')]: '{"files": 3' });
    expect(await states(broken)).toMatchObject({ [DOCKERFILE]: 'older', [VERCEL]: 'differs' });
  });

  it('an edit is never taken for ours: whatever line is changed, the seal no longer fits', async () => {
    const lines = textIn(earlier, DOCKERFILE).split('\n');
    for (const [at, line] of lines.entries()) {
      if (line === '') continue;
      const changed = lines.with(at, `${line} `).join('\n');
      const { [DOCKERFILE]: state } = await states(repository(earlier, { [DOCKERFILE]: changed }));
      expect([line, ['edited', 'differs'].includes(state ?? '')]).toEqual([line, true]);
    }
  });

  it('gives a diff that leads exactly from the one to the other', async () => {
    const existing = repository(earlier);
    for (const { path, diff, state } of await compareFiles(existing, wanted, 'backend')) {
      if (state === 'same') continue;
      expect(diff).toContain(`--- a/${path}`);
      expect(applyPatch(existing.get(path) ?? '', diff)).toBe(textIn(wanted, path));
    }
  });

  it('shows a very long file whole instead of comparing it for minutes', async () => {
    const long = 'x\n'.repeat(150_000);
    const [first] = await compareFiles(
      new Map([[DOCKERFILE, long]]),
      wanted.filter(({ path }) => path === DOCKERFILE),
      'backend',
    );
    expect(first).toMatchObject({ state: 'differs' });
    expect(applyPatch('', first?.diff ?? '')).toBe(textIn(wanted, DOCKERFILE));
  });
});

describe('what another made', () => {
  it('is not ours: another component may have the same folder, and its record is its own', async () => {
    const other = await blueprintFiles({
      ...(settings as object),
      name: 'worker',
      platform: { type: 'vercel', region: 'fra1' },
      port: 8_123,
    } as never);
    expect(await states(repository(other))).toMatchObject({
      [DOCKERFILE]: 'differs',
      [VERCEL]: 'differs',
      [recordPath('backend')]: 'missing',
    });
    const unnamed = textIn(earlier, DOCKERFILE).replace(' for backend.', '.');
    expect(await states(repository(earlier, { [DOCKERFILE]: unnamed }))).toMatchObject({ [DOCKERFILE]: 'differs' });
  });

  it.each(['{', '{"mine": 1}', '[]', '{"settings": {"name": "worker"}, "files": {}}'])(
    'is no record of ours when it is %s',
    async (text) => {
      const path = recordPath('backend');
      expect(await states(repository(earlier, { [path]: text }))).toMatchObject({ [path]: 'differs' });
      expect(await states(repository(earlier))).toMatchObject({ [path]: 'older' });
    },
  );
});

describe('the digest of what was shown', () => {
  it('changes with the repository and with the files, and with nothing else', async () => {
    const shown = async (existing: ReadonlyMap<string, string>, files: readonly BlueprintFile[]) =>
      shownDigest(await compareFiles(existing, files, 'backend'));
    const first = await shown(repository(earlier), wanted);
    expect(await shown(repository(earlier), wanted)).toBe(first);
    expect(await shown(repository(earlier, { 'README.md': 'new' }), wanted)).toBe(first);
    expect(await shown(repository(earlier, { [DOCKERFILE]: 'FROM scratch\n' }), wanted)).not.toBe(first);
    expect(await shown(repository(earlier), earlier)).not.toBe(first);
  });
});

describe('files that are not called for any more', () => {
  const files = {
    'backend/Procfile': 'a',
    'backend/Dockerfile': 'b',
    'backend/deploy/web@.service': 'g',
    '../up': 'c',
    '/etc/x': 'd',
    'a b': 'e',
    '': 'f',
  };

  it('are those that the record names, without what is wanted and without what is no path', () => {
    const record = JSON.stringify({ settings: { name: 'backend' }, files });
    expect(recordedElsewhere(record, [{ path: 'backend/Dockerfile' }])).toEqual([
      'backend/Procfile',
      'backend/deploy/web@.service',
    ]);
    for (const none of [null, undefined, '', '{', '{"files":[1]}']) expect(recordedElsewhere(none, [])).toEqual([]);
  });

  it('are named in the proposal, which says that people delete them', () => {
    expect(describeProposal('Backend', [], [], ['backend/Procfile']).body).toMatch(
      /delete them yourself[^\n]*\n\n- `backend\/Procfile`\n/,
    );
    expect(describeProposal('Backend', [], [], []).body).not.toContain('delete');
  });
});
