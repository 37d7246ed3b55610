import { expect, test } from 'vitest';
import { amzDate, type SigningKey, sha256Hex, signed, type ToSign } from './signature-v4';

/** The examples of https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, with AWS's sample keys. */
const KEY: SigningKey = {
  region: 'us-east-1',
  service: 's3',
  accessKeyId: ['AKIAIOSFODNN7', 'EXAMPLE'].join(''),
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const AT = '20130524T000000Z';
const EMPTY = sha256Hex('');
const at = (path: string) => new URL(`https://examplebucket.s3.amazonaws.com${path}`);

const VECTORS: [string, ToSign, string][] = [
  [
    'a part of an object',
    { method: 'GET', url: at('/test.txt'), headers: { Range: 'bytes=0-9' }, payload: EMPTY },
    'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  ],
  [
    'an object that is written, with a sign in its name',
    {
      method: 'PUT',
      url: at('/test%24file.text'),
      headers: { Date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
      payload: sha256Hex('Welcome to Amazon S3.'),
    },
    '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  ],
  [
    'a query without a value',
    { method: 'GET', url: at('/?lifecycle'), headers: {}, payload: EMPTY },
    'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
  ],
  [
    'a query of two',
    { method: 'GET', url: at('/?max-keys=2&prefix=J'), headers: {}, payload: EMPTY },
    '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  ],
];

test.each(VECTORS)('the signature that AWS publishes for %s', (_name, request, signature) => {
  const headers = { ...request.headers, 'x-amz-content-sha256': request.payload };
  expect(signed({ ...request, headers }, KEY, AT).authorization).toMatch(new RegExp(`Signature=${signature}$`));
});

test('a moment is written to the second, in UTC', () => {
  expect(amzDate(new Date('2013-05-24T00:00:00.999Z'))).toBe(AT);
});

/** `post-vanilla` and `post-x-www-form-urlencoded` of the test suite that AWS publishes for all services. */
test.each([
  ['a POST', {}, '', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
  [
    'a POST with a body',
    { 'Content-Type': 'application/x-www-form-urlencoded' },
    'Param1=value1',
    'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
  ],
])('and for %s to any other service', (_name, headers, body, signature) => {
  const url = new URL('https://example.amazonaws.com/');
  const request = { method: 'POST', url, headers, payload: sha256Hex(body) };
  const key = { ...KEY, service: 'service', accessKeyId: ['AK', 'IDEXAMPLE'].join('') };
  const suite = { ...key, secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
  expect(signed(request, suite, '20150830T123600Z').authorization).toMatch(new RegExp(`Signature=${signature}$`));
});
