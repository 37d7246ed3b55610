import { afterAll, beforeAll, expect, test } from 'vitest';
import { DELETE, GET, PATCH, POST, PUT } from '@/app/api/v1/[[...path]]/route.server';
import * as events from '@/app/api/v1/events/route.server';
import * as document from '@/app/api/v1/openapi.json/route.server';
import { type ApiWorld, apiWorld, stubServerEnv } from './testing/api-world';

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
  stubServerEnv(world);
});
afterAll(() => world.close());

const METHODS = ['POST', 'PUT', 'PATCH', 'DELETE'] as const;

test.each([
  ['openapi.json', document],
  ['events', events],
] as const)('%s answers other methods with problem details and what it knows', async (_name, folder) => {
  for (const method of METHODS) {
    const answer = folder[method](new Request('https://a.dev/', { method }));
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET']);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({ code: 'method_not_allowed' });
  }
});

test.each(Object.entries({ GET, POST, PUT, PATCH, DELETE }))(
  '%s of what no folder answers, /api/v1 itself too, is problem details',
  async (method, answerTo) => {
    const request = new Request('https://a.dev/api/v1', { method });
    const answer = await answerTo(request, { params: Promise.resolve({}) });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
    expect(await answer.json()).toMatchObject({ code: 'no_such_path' });
  },
);
