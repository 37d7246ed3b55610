import { describe, expect, test } from 'vitest';
import {
  digestIn,
  findTags,
  type ImageRow,
  imageIn,
  inputsFor,
  mergeRows,
  movedTags,
  orderTags,
  platformRefusal,
} from './images';

const A = `sha256:${'a'.repeat(64)}`;
const B = `sha256:${'b'.repeat(64)}`;
const both = { imageInput: 'image', digestInput: 'digest' };

describe('the image that a deployment names', () => {
  test('is what choosing it from the list puts into the inputs', () => {
    const inputs = inputsFor(both, { digest: A, reference: `ghcr.io/acme/api@${A}` });
    expect(inputs).toEqual({ image: `ghcr.io/acme/api@${A}`, digest: A });
    expect(imageIn(both, inputs)).toEqual({ kind: 'image', digest: A, reference: `ghcr.io/acme/api@${A}` });
    expect(inputsFor({ imageInput: null, digestInput: 'digest' }, { digest: A, reference: 'x' })).toEqual({
      digest: A,
    });
  });

  test.each([
    [{}, { kind: 'none' }],
    [{ image: '', digest: '' }, { kind: 'none' }],
    [{ digest: A }, { kind: 'image', digest: A, reference: null }],
    [{ image: 'ghcr.io/acme/api:latest' }, { kind: 'refused', input: 'image', code: 'image_not_pinned' }],
    [
      { image: `x@${A}`, digest: 'sha256:abc' },
      { kind: 'refused', input: 'digest', code: 'image_not_pinned' },
    ],
    [
      { image: `x@${A}`, digest: B },
      { kind: 'refused', input: 'digest', code: 'image_mismatch' },
    ],
    [{ digest: `x@${A}` }, { kind: 'refused', input: 'digest', code: 'image_not_pinned' }],
    [{ digest: `$(curl evil)@${A}` }, { kind: 'refused', input: 'digest', code: 'image_not_pinned' }],
    [{ digest: ` ${A}` }, { kind: 'refused', input: 'digest', code: 'image_not_pinned' }],
    [{ digest: `${A}\n` }, { kind: 'refused', input: 'digest', code: 'image_not_pinned' }],
    [{ image: `x@${A}\n` }, { kind: 'refused', input: 'image', code: 'image_not_pinned' }],
    // Compared with the component's own as it is sent, so nothing is cut off or left out here.
    [{ image: ` x@${A}` }, { kind: 'image', digest: A, reference: ` x@${A}` }],
    [{ image: A }, { kind: 'image', digest: A, reference: A }],
    [{ image: true }, { kind: 'refused', code: 'image_not_pinned' }],
  ])('%j', (inputs, wanted) => {
    expect(imageIn(both, inputs)).toMatchObject(wanted);
  });

  test('a digest is taken whole or not at all', () => {
    expect(digestIn(`x@${A}`)).toBe(A);
    expect(digestIn(A)).toBe(A);
    for (const text of [`${A}0`, `x@${A} y`, 'sha256:', `x:${A.slice(0, 20)}`, `X${A}`, ` ${A}`, `${A}\n`])
      expect(digestIn(text)).toBeNull();
  });
});

describe('tags', () => {
  const names = [
    '0.9.0',
    '1.10.0',
    '1.9.0',
    '1.10.0-rc.1',
    'latest',
    'main-c0ffee1',
    'v2',
    `sha256-${'a'.repeat(64)}.sig`,
    'nightly',
  ];

  test('what was built from the chosen commit comes first, then latest, versions from the highest, the rest by name', () => {
    expect(findTags(orderTags(names), '', 'c0ffee1'.padEnd(40, '0'))).toEqual([
      'main-c0ffee1',
      'latest',
      '1.10.0',
      '1.10.0-rc.1',
      '1.9.0',
      '0.9.0',
      'v2',
      'nightly',
    ]);
  });

  test('a search finds what contains it, whatever its case', () => {
    expect(findTags(orderTags(names), ' LAT ', null)).toEqual(['latest']);
    expect(findTags(orderTags(names), 'nothing', null)).toEqual([]);
  });

  test('are put in order at once, three times as many as are ever read', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => `build-${((index * 2_654_435_761) >>> 0).toString(16)}`);
    const start = performance.now();
    expect(orderTags(many)).toHaveLength(new Set(many).size);
    expect(performance.now() - start).toBeLessThan(1_500);
  });

  test('one that moved since it was shown is named', () => {
    const row = (digest: string, tags: string[]) => ({ digest, tags }) as ImageRow;
    expect(movedTags(row(A, ['1.4', 'latest']), [row(B, ['latest']), row(A, ['1.4'])])).toEqual(['latest']);
    expect(movedTags(row(A, ['1.4']), [row(B, ['2.0'])])).toEqual([]);
    expect(mergeRows([row(A, ['1.4']), row(B, ['2.0']), row(A, ['latest'])])).toEqual([
      row(A, ['1.4', 'latest']),
      row(B, ['2.0']),
    ]);
  });
});

describe('a platform', () => {
  test.each([
    [['linux/amd64', 'linux/arm64/v8'], 'linux/arm64', null],
    [['linux/amd64'], null, null],
    [['linux/amd64'], 'linux/arm64', 'There is no linux/arm64'],
    [['linux/arm64/v8'], 'linux/arm64/v7', 'There is no linux/arm64/v7'],
    [[], null, 'no image that runs'],
    [Array.from({ length: 900 }, (_, n) => `os${n}/x`), 'a/b', 'only os0/x, os1/x, os2/x, os3/x, os4/x and 895 more.'],
  ])('%j for %s', (platforms, wanted, refusal) => {
    const said = platformRefusal(platforms, wanted);
    if (refusal === null) expect(said).toBeNull();
    else expect(said).toContain(refusal);
  });
});
