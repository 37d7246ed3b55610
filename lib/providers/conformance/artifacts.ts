import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { capability } from '../port';
import { failure, type Stage, started } from './stage';

const DAY_MS = 86_400_000;
const MEGABYTE = 1_048_576;

/** What a run keeps: nothing before it is there, whole and as its digest says, and gone when its time is over. */
export function describeArtifacts(stage: Stage): void {
  const of = () => capability(stage.provider, 'artifacts');

  it('lists what a run has kept, and hands it over as its digest says', async () => {
    const { harness, wire } = stage;
    const ref = await started(stage, 'aether-artifacts-1');
    expect(await of().list(wire.context, harness.target, ref), 'nothing is kept yet').toEqual([]);
    harness.world.advance(10 * 60_000);
    const [kept] = await of().list(wire.context, harness.target, ref);
    if (!kept) return expect.fail('the run has kept nothing');
    expect(kept).toMatchObject({ expired: false, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const bytes = await of().download(wire.context, harness.target, kept.id, MEGABYTE);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(kept.sha256);
    expect(bytes.byteLength).toBe(kept.bytes);
    const away = wire.sent.filter(({ url }) => new URL(url).origin !== stage.provider.manifest.defaultOrigin);
    expect(away.length, 'it comes from a store').toBeGreaterThan(0);
    expect(away.some(({ authorized }) => authorized)).toBe(false);
    const error = await failure(stage, of().download(wire.context, harness.target, kept.id, 16));
    expect(error, 'the first part of it is not taken for the whole').toMatchObject({ code: 'too_large' });
  });

  it('says what is unknown, and what is no longer kept', async () => {
    const { harness, wire } = stage;
    const ref = await started(stage, 'aether-artifacts-2');
    expect(await failure(stage, of().download(wire.context, harness.target, '1', MEGABYTE))).toMatchObject({
      kind: 'notFound',
    });
    const { keptDays = 0 } = stage.provider.manifest.capabilities.artifacts ?? {};
    harness.world.advance((keptDays + 1) * DAY_MS);
    const [kept] = await of().list(wire.context, harness.target, ref);
    expect(kept?.expired).toBe(true);
    const error = await failure(stage, of().download(wire.context, harness.target, kept?.id ?? '', MEGABYTE));
    expect(error).toMatchObject({ kind: 'notFound', code: 'gone' });
  });
}
