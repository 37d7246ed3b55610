import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Secret } from '@/lib/kernel/secret';
import type { ProviderContext } from '../port';
import { call, type Operation } from './client';
import { manifest, POLICY, regionOf } from './manifest';

const KEY = `AK${'IA'}SANDBOXCONSOLE00`;

/** A context whose vendor always answers the same. */
function answered(answer: Response, more: { origin?: string; username?: string } = {}) {
  const sent: Request[] = [];
  const { origin = manifest.defaultOrigin, username = KEY } = more;
  const context: ProviderContext = {
    connectionId: 'con_a',
    origin,
    credential: { kind: 'basic', username, password: new Secret('sandbox-secret'), tokenOrigin: null },
    now: () => Date.parse('2026-11-01T12:00:00Z'),
    fetch: async (input, init) => {
      sent.push(new Request(input, init));
      return answer;
    },
  };
  const ask = (operation: Operation) => call(context, { operation, input: {}, about: 'backend in x' }, z.object({}));
  return { ask, sent };
}

describe('what AWS says no with', () => {
  it.each([
    [
      'AccessDeniedException',
      'not authorized to perform: ecs:UpdateService',
      'missing_permission',
      /ecs:UpdateService/,
    ],
    ['AccessDeniedException', 'not authorized to perform: iam:PassRole on x', 'missing_permission', /iam:PassRole/],
    ['UnrecognizedClientException', 'No.', 'credential_refused', /deleted or switched off/],
    ['com.amazon#InvalidSignatureException', 'No.', 'credential_refused', /the secret is not its own/],
    ['InvalidSignatureException', 'Signature expired: …', 'clock_wrong', /clock of this server/],
    ['ThrottlingException', 'Rate exceeded', 'rate_limited', /about a minute/],
    ['ServiceNotActiveException', 'x', 'not_found', /knows no backend/],
    ['ClientException', 'Too many revisions.', 'http_400', /400, ClientException: Too many revisions\)\.$/],
    ['', '', 'http_400', /\(400\)\.$/],
  ])('%s (%s) is %s', async (__type, message, code, sentence) => {
    const { ask } = answered(Response.json({ __type, message }, { status: 400 }));
    const refused = ask('UpdateService');
    await expect(refused).rejects.toMatchObject({ code, ambiguous: false, message: expect.stringMatching(sentence) });
  });

  it.each([
    ['DescribeServices', 502, false],
    ['RegisterTaskDefinition', 502, false],
    ['UpdateService', 502, true],
    ['RegisterTaskDefinition', 200, false],
    ['UpdateService', 200, true],
  ] as const)('of %s a %i without a word leaves it unclear: %s', async (operation, status, ambiguous) => {
    const { ask } = answered(new Response('<html>', { status }));
    await expect(ask(operation)).rejects.toMatchObject({ ambiguous });
  });
});

describe('the key', () => {
  it.each([
    ['another address', { origin: 'https://console.example.com' }, 'bad_address'],
    ['a temporary key', { username: `AS${'IA'}SANDBOXCONSOLE00` }, 'temporary_key'],
    ['a user name', { username: 'ada' }, 'wrong_kind'],
  ])('%s is refused before anything is sent', async (_, more, code) => {
    const { ask, sent } = answered(Response.json({}), more);
    await expect(ask('DescribeClusters')).rejects.toMatchObject({ code });
    expect(sent).toEqual([]);
  });

  it('signs the body, what is asked and when, for the region of the address', async () => {
    const { ask, sent } = answered(Response.json({}), { origin: 'https://ecs.eu-west-1.amazonaws.com' });
    await ask('UpdateService');
    const said = sent[0]?.headers.get('authorization');
    expect(said).toMatch(
      /Credential=\w+\/20261101\/eu-west-1\/ecs\/aws4_request,SignedHeaders=content-type;host;x-amz-/,
    );
  });

  it.each([
    ['https://ecs.eu-central-1.amazonaws.com', 'eu-central-1'],
    ['https://ecs-fips.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    ['https://ecs.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
    ['https://ecs.eu-west-1.api.aws', 'eu-west-1'],
    ['https://ecs.eu-west-1.amazonaws.com.evil.example', null],
    ['https://api.ecr.eu-west-1.amazonaws.com', null],
  ])('the region of %s is %s', (origin, region) => {
    expect(regionOf(origin)).toBe(region);
  });

  it('the policy to paste is JSON with the rights that are used', () => {
    const statements = JSON.parse(POLICY).Statement as { Action: string | string[] }[];
    expect(statements.flatMap(({ Action }) => Action)).toEqual([
      ...['ecs:DescribeClusters', 'ecs:DescribeServices', 'ecs:DescribeTaskDefinition'],
      ...['ecs:RegisterTaskDefinition', 'ecs:TagResource', 'ecs:UpdateService', 'iam:PassRole'],
    ]);
  });
});

it.each(['ECS_CONTAINER_METADATA_URI', 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', '1ST', 'A-B', ''])(
  '“%s” is no name',
  (name) => {
    const { pattern } = manifest.capabilities.configuration.name;
    expect(new RegExp(`^(?:${pattern})$`).test(name)).toBe(false);
  },
);
