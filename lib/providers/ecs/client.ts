import type { ZodType } from 'zod';
import { READING_HEADER } from '@/lib/http/quota';
import { amzDate, type SigningKey, sha256Hex, signed } from '@/lib/http/signature-v4';
import { type ProviderContext, ProviderError } from '../port';
import { refused } from './errors';
import { regionOf } from './manifest';

export type Operation =
  | 'DescribeClusters'
  | 'DescribeServices'
  | 'DescribeTaskDefinition'
  | 'RegisterTaskDefinition'
  | 'UpdateService';

export interface Call {
  operation: Operation;
  input: Record<string, unknown>;
  /** What it is about, in a sentence's middle: `backend in production`. */
  about: string;
}

const PREFIX = 'AmazonEC2ContainerServiceV20141113';

/**
 * One signed request of the protocol JSON 1.1, never repeated here. Only `UpdateService` changes what runs: of any other a lost
 * answer leaves nothing unclear. Throws `ProviderError`. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/
 */
export async function call<T>(c: ProviderContext, { operation, input, about }: Call, schema: ZodType<T>): Promise<T> {
  const url = new URL(`${c.origin}/`);
  const body = JSON.stringify(input);
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `${PREFIX}.${operation}` };
  const sent = signed({ method: 'POST', url, headers, payload: sha256Hex(body) }, keyOf(c), amzDate(new Date(c.now())));
  // The transport says it by itself.
  delete sent.host;
  if (operation.startsWith('Describe')) sent[READING_HEADER] = '1';
  const changes = operation === 'UpdateService';
  const response = await c
    .fetch(url.href, { method: 'POST', headers: sent, body, ...(c.signal ? { signal: c.signal } : {}) })
    .catch((error: unknown) => {
      throw changes ? error : plainly(error);
    });
  const text = await response.text();
  if (!response.ok) throw refused({ response, text, operation, about, now: c.now() });
  const parsed = schema.safeParse(fromJson(text));
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.filter((each) => typeof each === 'string').join('.') ?? '';
  const sentence = `Amazon ECS answered something that this version does not understand (${operation}${where ? `: ${where}` : ''}). Please report it.`;
  throw new ProviderError('protocol', 'unexpected_answer', sentence, { ambiguous: changes });
}

/** The key of an IAM user, and where it signs for. Throws before anything is sent. */
export function keyOf({ credential, origin }: ProviderContext): SigningKey {
  const region = regionOf(origin);
  if (region === null) {
    const sentence =
      'This is no address of Amazon ECS. It is https://ecs.<region>.amazonaws.com, with the region that your cluster is in; nothing was sent.';
    throw new ProviderError('rejected', 'bad_address', sentence);
  }
  if (credential.kind !== 'basic' || !/^A[KS]IA[A-Z0-9]{12,124}$/.test(credential.username)) {
    const sentence =
      'Amazon ECS needs the access key of an IAM user. Its id begins with AKIA and has capitals and digits alone; nothing was sent.';
    throw new ProviderError('auth', 'wrong_kind', sentence);
  }
  if (credential.username.startsWith('AS')) {
    const sentence =
      'This access key is a temporary one, which ends within hours. Enter one of an IAM user; its id begins with AK.';
    throw new ProviderError('auth', 'temporary_key', sentence);
  }
  const { username: accessKeyId, password } = credential;
  return { region, service: 'ecs', accessKeyId, secretAccessKey: password.reveal() };
}

function plainly(error: unknown): unknown {
  if (!(error instanceof ProviderError) || !error.ambiguous) return error;
  return new ProviderError(error.kind, error.code, error.message, { retryAfterMs: error.retryAfterMs });
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
