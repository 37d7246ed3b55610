import { expect, test } from 'vitest';
import { Client } from './client';
import { EXIT } from './exit';
import { sit } from './testing/sit';

function console(report: object) {
  const client = new Client({ url: 'http://127.0.0.1:1', token: 'none' }, new AbortController().signal);
  const sent: string[] = [];
  client.get = async <T>() => [{ id: 'con_1', name: 'GitHub' }] as T;
  client.change = async <T>(method: string, path: string) => {
    sent.push(`${method} ${path}`);
    return report as T;
  };
  return { sent, run: (...args: string[]) => sit('connection verify', args, client) };
}

test('a connection is checked by its name or its id, and what does not work ends with 1', async () => {
  const good = console({ ok: true, account: 'ada', problems: [] });
  expect(await good.run('GitHub')).toMatchObject({ code: EXIT.ok, out: 'GitHub works, as ada.\n' });
  expect(await good.run('con_1')).toMatchObject({ code: EXIT.ok });
  expect(good.sent).toEqual(['POST /connections/con_1/verify', 'POST /connections/con_1/verify']);
  const bad = console({ ok: false, account: '', problems: ['The token has ended.'] });
  expect(await bad.run('GitHub')).toMatchObject({
    ...{ code: EXIT.failed, out: 'GitHub does not work: The token has ended.\n' },
  });
  expect(await bad.run('Nobody')).toMatchObject({ code: 'not_found' });
  expect(await bad.run()).toMatchObject({ code: 'usage' });
});
