import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guardedFetch } from '@/lib/http/guarded-fetch';
import { createHttpMemory } from '@/lib/http/memory';
import { createSafeFetch } from '@/lib/http/safe-fetch';
import { Secret } from '@/lib/kernel/secret';
import { breaking, type Harness, memoryWorld, wire } from '../conformance/harness';
import { conformance } from '../conformance/suite';
import { type Credential, type ProviderContext, ProviderError, tokenOriginsOf } from '../port';
import { provider } from './adapter';
import { DOCKER_HUB, manifest } from './manifest';
import { type BlobStore, startBlobStore } from './testing/blob-store';
import { ACCOUNT, HTPASSWD, type RealRegistry, startRegistry } from './testing/docker-registry';
import { byTwo } from './testing/paged';
import { type Built, DOCKER, deleteManifest, type Pusher, pushImage, pushIndex } from './testing/push';
import { startTokenServer, type TokenServer } from './testing/token-server';

const REPOSITORY = 'acme/backend';
const REVISION = 'c0ffee'.padEnd(40, '1');
const reader = { username: 'reader', password: 'reader-password-0001', may: { [REPOSITORY]: ['pull'] } };
const writer = {
  username: 'writer',
  password: 'writer-password-0001',
  may: { [REPOSITORY]: ['pull', 'push', 'delete'] },
};
const nobody = { username: 'nobody', password: 'nobody-password-0001', may: {} };
const { images } = provider.methods;

const basic = (account: { username: string; password: string }, tokenOrigin: string | null = null): Credential => ({
  kind: 'basic',
  username: account.username,
  password: new Secret(account.password),
  tokenOrigin,
});

let tokens: TokenServer;
let signed: RealRegistry;
let plain: RealRegistry;
let storage: BlobStore;
let outside: typeof globalThis.fetch;
let index: Built;

function pusher(scope = `repository:${REPOSITORY}:pull,push,delete`): Pusher {
  return { origin: signed.origin, authorization: `Bearer ${tokens.tokenFor(writer, scope)}` };
}

beforeAll(async () => {
  tokens = await startTokenServer([reader, writer, nobody]);
  storage = await startBlobStore(() => signed.folder);
  outside = createSafeFetch({ allowLoopback: true, ca: storage.cert });
  const auth = tokens.auth('https://auth.docker.io/token');
  signed = await startRegistry({ auth, storage: storage.origin }, tokens.files);
  plain = await startRegistry({ auth: HTPASSWD }, { htpasswd: ACCOUNT.htpasswd });
  const labels = {
    'org.opencontainers.image.revision': REVISION,
    'org.opencontainers.image.source': 'https://github.com/acme/backend',
    'org.opencontainers.image.version': '1.4.0',
  };
  const options = { repository: REPOSITORY, labels, platforms: ['linux/amd64', 'linux/arm64/v8'], attested: true };
  index = await pushIndex(pusher(), options, '1.4.0');
}, 300_000);

afterAll(async () => {
  await Promise.all([tokens?.stop(), signed?.stop(), plain?.stop(), storage?.stop()]);
});

/** Docker Hub's own addresses, answered by the real registry, the token service and the storage of this test. */
const asDockerHub: typeof globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  const url = new URL(request.url);
  const base = { 'registry-1.docker.io': signed.origin, 'auth.docker.io': tokens.origin }[url.host];
  const to = base ? new Request(`${base}${url.pathname}${url.search}`, request) : request;
  return outside(to, { redirect: 'manual', signal: request.signal });
};

async function harness(): Promise<Harness> {
  return {
    world: memoryWorld(),
    fetch: breaking(asDockerHub),
    target: { repository: REPOSITORY },
    ref: 'main',
    inputs: {},
    credentials: {
      good: basic(reader),
      refused: basic({ username: 'reader', password: 'wrong-password-0001' }),
      weak: basic(nobody),
    },
    isMutation: (request) => request.method !== 'GET' && request.method !== 'HEAD',
    markers: () => [],
    garbled: (inner) => inner,
    image: { repository: REPOSITORY, tag: '1.4.0', digest: index.digest },
  };
}

conformance(provider, harness);

let serial = 0;
/** A connection to a registry on this machine, by its own address. */
function at(origin: string, credential: Credential, fetch = outside): ProviderContext & { sent: Request[] } {
  const connectionId = `con_${++serial}`;
  const sent: Request[] = [];
  const tapped: typeof globalThis.fetch = (input, init) => {
    const request = new Request(input, init);
    sent.push(request);
    return fetch(request, { redirect: 'manual' });
  };
  const tokenOrigins = tokenOriginsOf(manifest, origin, credential);
  const guard = {
    connectionId,
    origin,
    tokenOrigins,
    memory: createHttpMemory(),
    fetch: tapped,
    downloadHosts: manifest.downloadHosts,
  };
  return { connectionId, origin, credential, now: Date.now, fetch: guardedFetch(guard), sent };
}

const refusal = (work: Promise<unknown>): Promise<ProviderError> =>
  work.then(
    () => expect.fail('this should have been refused'),
    (error: unknown) => (error instanceof ProviderError ? error : expect.fail(String(error))),
  );

describe('an index, as Docker Hub would answer it', () => {
  const hub = async (credential: Credential = basic(reader)) => wire(manifest, await harness(), { credential });

  it('tells platforms, the size of the wanted one, labels, and what is only attested', async () => {
    const line = await hub();
    const image = await images.image(line.context, REPOSITORY, index.digest, 'linux/arm64');
    expect(image).toMatchObject({
      kind: 'index',
      attestations: 2,
      createdAt: '2026-11-20T08:00:00.000Z',
      revision: REVISION,
      source: 'https://github.com/acme/backend',
      version: '1.4.0',
      reference: `docker.io/${REPOSITORY}@${index.digest}`,
    });
    expect(image.platforms.map((each) => [each.architecture, each.variant, (each.sizeBytes ?? 0) > 100])).toEqual([
      ['amd64', null, false],
      ['arm64', 'v8', true],
    ]);
  });

  it('reads blobs where the registry sends on to, and shows the credential there to nobody', async () => {
    storage.seen.length = 0;
    const line = await hub();
    await images.image(line.context, REPOSITORY, index.digest, null);
    expect(storage.seen).toEqual([undefined]);
    const hosts = line.sent.filter((each) => each.authorized).map((each) => new URL(each.url).host);
    expect(new Set(hosts)).toEqual(new Set(['registry-1.docker.io', 'auth.docker.io']));
  });

  it('asks for the right to pull that repository and no more, once for many reads', async () => {
    tokens.asked.length = 0;
    const line = await hub();
    await Promise.all([1, 2, 3].map(() => images.digest(line.context, REPOSITORY, '1.4.0')));
    await images.tags(line.context, REPOSITORY, null);
    expect(new Set(tokens.asked)).toEqual(new Set([`repository:${REPOSITORY}:pull`]));
    const asked = tokens.asked.length;
    await images.digest(line.context, REPOSITORY, '1.4.0');
    expect(tokens.asked.length).toBe(asked);
  });

  it('makes a new token when the registry takes the old one no more', async () => {
    const line = await hub();
    tokens.expireAtOnce(true);
    const error = await refusal(images.digest(line.context, REPOSITORY, '1.4.0')).finally(() =>
      tokens.expireAtOnce(false),
    );
    expect(error.kind).toBe('auth');
    expect(await images.digest(line.context, REPOSITORY, '1.4.0')).toBe(index.digest);
  });

  it('remembers what a digest stands for, and still notices that it is gone', async () => {
    const gone = await pushImage(pusher(), { repository: REPOSITORY, content: 'soon gone' }, 'gone');
    const line = await hub();
    await images.image(line.context, REPOSITORY, gone.digest, null);
    const before = line.sent.length;
    await images.image(line.context, REPOSITORY, gone.digest, null);
    expect(line.sent.length).toBe(before);
    await deleteManifest(pusher(), REPOSITORY, gone.digest);
    const error = await refusal(images.digest(line.context, REPOSITORY, gone.digest));
    expect(error).toMatchObject({ kind: 'notFound', code: 'no_image' });
  });

  it('checks a credential against the repositories that components use', async () => {
    const line = await hub();
    expect(await provider.verifyCredential(line.context, [REPOSITORY])).toMatchObject({
      ok: true,
      account: 'reader at registry-1.docker.io',
      scopes: [`${REPOSITORY}:pull`],
      problems: [],
    });
    const weak = await hub(basic(nobody));
    const report = await provider.verifyCredential(weak.context, [REPOSITORY]);
    expect(report).toMatchObject({ ok: false, scopes: [] });
    expect(report.problems[0]).toContain('does not let this credential read');
  });
});

describe('a registry with a password file', () => {
  const push = (): Pusher => ({
    origin: plain.origin,
    authorization: `Basic ${Buffer.from(`${ACCOUNT.username}:${ACCOUNT.password}`).toString('base64')}`,
  });

  it('is read with basic sign-in, Docker’s own media types included', async () => {
    const options = { repository: 'team/old', platforms: ['linux/amd64', 'windows/amd64'], types: DOCKER };
    const list = await pushIndex(push(), options, 'latest');
    const one = await pushImage(
      push(),
      { repository: 'team/old', types: DOCKER, created: '1970-01-01T00:00:00Z' },
      'one',
    );
    const c = at(plain.origin, basic(ACCOUNT));
    expect((await images.tags(c, 'team/old', null)).names.sort()).toEqual(['latest', 'one']);
    const image = await images.image(c, 'team/old', list.digest, null);
    expect(image.platforms.map((each) => each.os)).toEqual(['linux', 'windows']);
    expect(image.reference).toBe(`${new URL(plain.origin).host}/team/old@${list.digest}`);
    expect(await images.image(c, 'team/old', one.digest, null)).toMatchObject({
      kind: 'image',
      createdAt: null,
      revision: null,
    });
  });

  it('says what is wrong with password, repository and address', async () => {
    const wrong = at(plain.origin, basic({ username: 'robot', password: 'not-the-password-1' }));
    expect(await refusal(provider.verifyCredential(wrong))).toMatchObject({ kind: 'auth', code: 'credential_refused' });
    const c = at(plain.origin, basic(ACCOUNT));
    expect(await refusal(images.tags(c, 'team/nothing', null))).toMatchObject({
      kind: 'notFound',
      code: 'no_repository',
    });
    const nobodyThere = at(tokens.origin, basic(ACCOUNT));
    expect((await refusal(provider.verifyCredential(nobodyThere))).message).toContain('Check the address');
  });

  it('reads every page of tags by the Link header, on the path that was asked', async () => {
    for (const tag of ['a', 'b', 'c', 'd', 'e']) await pushImage(push(), { repository: 'team/many' }, tag);
    const c = at(plain.origin, basic(ACCOUNT), byTwo(outside));
    const names: string[] = [];
    for (let cursor: string | null = null, page = 0; page < 9; page++) {
      const found = await images.tags(c, 'team/many', cursor);
      names.push(...found.names);
      cursor = found.next;
      if (cursor === null) break;
    }
    expect(names).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(c.sent.every((request) => !request.url.includes('elsewhere'))).toBe(true);
  });
});

describe('a registry that is open to everybody', () => {
  it('does not pass for one that took the credential', async () => {
    const registry = await startRegistry();
    try {
      const report = await provider.verifyCredential(at(registry.origin, basic(reader)));
      expect(report).toMatchObject({ ok: true, problems: [expect.stringContaining('asks nobody to sign in')] });
    } finally {
      await registry.stop();
    }
  });
});

describe('a token service at another host', () => {
  it('is sent nothing until a person has named it', async () => {
    const auth = tokens.auth();
    const registry = await startRegistry({ auth }, tokens.files);
    try {
      const c = at(registry.origin, basic(reader));
      const error = await refusal(provider.verifyCredential(c));
      expect(error).toMatchObject({ kind: 'rejected', code: 'token_service_unknown' });
      expect(error.message).toContain(tokens.origin);
      expect(c.sent.every((request) => !request.headers.has('authorization'))).toBe(true);
      const named = at(registry.origin, basic(reader, tokens.origin));
      expect(await provider.verifyCredential(named)).toMatchObject({ ok: true });
    } finally {
      await registry.stop();
    }
  });
});

it('the address that the form offers first is the one of the manifest', () => {
  expect(manifest.credentialForms?.[0]?.origin).toBe(DOCKER_HUB);
});
