import { expect, it } from 'vitest';
import { capability, runsOn } from '../port';
import { wire } from './harness';
import { failure, type Stage } from './stage';

const NOWHERE = `sha256:${'0'.repeat(64)}`;

/** What a registry promises: names lead to digests, digests to what they stand for, and nothing else. */
export function describeImages(stage: Stage): void {
  const images = () => capability(stage.provider, 'images');
  const known = () => stage.harness.image ?? expect.fail('the harness names no image');

  it('lists the tags of a repository, and says what one leads to', async () => {
    const { repository, tag, digest } = known();
    const names: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await images().tags(stage.wire.context, repository, cursor);
      names.push(...page.names);
      cursor = page.next;
    } while (cursor !== null);
    expect(names).toContain(tag);
    expect(new Set(names).size).toBe(names.length);
    expect(await images().digest(stage.wire.context, repository, tag)).toBe(digest);
    expect(await images().digest(stage.wire.context, repository, digest)).toBe(digest);
  });

  it('describes an image by its digest, with a name that pins it', async () => {
    const { repository, digest } = known();
    const image = await images().image(stage.wire.context, repository, digest, 'linux/amd64');
    expect(image).toMatchObject({ repository, digest });
    expect(image.reference).toBe(images().reference(stage.wire.context, repository, digest));
    expect(image.reference.endsWith(`/${repository}@${digest}`)).toBe(true);
    expect(runsOn(image.platforms, 'linux/amd64')).toBe(true);
    expect(Number.isNaN(Date.parse(image.createdAt ?? ''))).toBe(false);
  });

  it.each([
    ['tag', 'no-such-tag'],
    ['digest', NOWHERE],
  ])('says that an unknown %s is unknown', async (_, reference) => {
    const error = await failure(stage, images().digest(stage.wire.context, known().repository, reference));
    expect(error).toMatchObject({ kind: 'notFound', ambiguous: false });
  });

  it.each(['', '..', 'a/../b', 'Upper', 'a b', 'a?x=1', 'a#b', '/a', 'a//b', 'x'.repeat(300), 'a/%2e%2e'])(
    'refuses the repository %j before anything is sent',
    async (repository) => {
      for (const work of [
        images().tags(stage.wire.context, repository, null),
        images().digest(stage.wire.context, repository, 'latest'),
      ]) {
        expect((await failure(stage, work)).kind).toBe('rejected');
      }
      expect(stage.wire.sent).toEqual([]);
    },
  );

  it('says that a weak credential may not read it', async () => {
    const weak = wire(stage.provider.manifest, stage.harness, { credential: stage.harness.credentials.weak });
    const error = await failure(stage, images().digest(weak.context, known().repository, known().tag));
    expect(error).toMatchObject({ kind: 'auth', code: 'missing_permission' });
  });

  it('takes nothing for an image that its digest does not stand for', async () => {
    const { repository, digest } = known();
    const changed: typeof globalThis.fetch = async (input, init) => {
      const answer = await stage.harness.fetch(input, init);
      const text =
        answer.ok && new URL(new Request(input).url).pathname.includes('/manifests/') ? await answer.text() : null;
      return text ? new Response(`${text} `, { headers: answer.headers }) : answer;
    };
    const tampered = wire(stage.provider.manifest, stage.harness, { fetch: changed });
    const error = await failure(stage, images().image(tampered.context, repository, digest, null));
    expect(error).toMatchObject({ kind: 'protocol', code: 'wrong_digest' });
  });
}
