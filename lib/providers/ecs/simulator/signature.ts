import { sha256Hex, signed } from '@/lib/http/signature-v4';

export interface SimulatedKey {
  id: string;
  secret: string;
  user: string;
  writes: boolean;
}

const FIELDS =
  /^AWS4-HMAC-SHA256 Credential=(\w+)\/\d{8}\/([\w-]+)\/(\w+)\/aws4_request, ?SignedHeaders=([\w;-]+), ?Signature=[0-9a-f]{64}$/;
const ALWAYS = ['content-type', 'host', 'x-amz-date', 'x-amz-target'];

/** Whose request it is, or the name of what is wrong with it. What arrived is signed once more and compared. */
export function whoSigned(
  { url, headers }: Pick<Request, 'url' | 'headers'>,
  body: string,
  keys: readonly SimulatedKey[],
): SimulatedKey | string {
  const said = headers.get('authorization') ?? '';
  const [, id, region = '', service = '', names = ''] = FIELDS.exec(said) ?? [];
  if (!id) return 'MissingAuthenticationTokenException';
  const key = keys.find((each) => each.id === id);
  if (!key) return 'UnrecognizedClientException';
  const list = names.split(';');
  const host = new URL(url).host;
  if (!ALWAYS.every((name) => list.includes(name)) || !host.includes(`.${region}.`) || service !== 'ecs')
    return 'InvalidSignatureException';
  const own = list.filter((name) => name !== 'host' && name !== 'x-amz-date');
  const again = signed(
    {
      ...{ method: 'POST', url: new URL(url), payload: sha256Hex(body) },
      headers: Object.fromEntries(own.map((name) => [name, headers.get(name) ?? ''])),
    },
    { region, service, accessKeyId: id, secretAccessKey: key.secret },
    headers.get('x-amz-date') ?? '',
  );
  const plain = (text = '') => text.replaceAll(', ', ',');
  return plain(again.authorization) === plain(said) ? key : 'InvalidSignatureException';
}
