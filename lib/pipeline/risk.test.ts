import { expect, test } from 'vitest';
import { z } from 'zod';
import type { ServiceContext } from '@/lib/auth/context';
import { loadVerbs } from './testing/attempt';

/** Written down by hand: what asks for a fresh proof, always or (`*`) by its input. */
const RISKY = [
  'connection.create',
  'connection.remove',
  'connection.set-authorities',
  'connection.set-credential',
  'connection.set-webhook-secret',
  'deployment.approve*',
  'deployment.override-freeze',
  'deployment.promote*',
  'deployment.request*',
  'deployment.rollback*',
  'extension.publish*',
  'member.invite',
  'member.renew-link',
  'member.set-grants',
  'policy.set',
  'rendering.switch*',
  'subscription.create',
  'subscription.remove',
  'subscription.switch',
  'subscription.update',
  'token.create',
];

test('what hurts most in a session that was left open asks for a fresh proof, whichever way it is asked for', async () => {
  const commands = (await loadVerbs()).filter((verb) => verb.kind === 'command');
  const risky = commands.flatMap(({ name, definition: { risk } }) =>
    risk === undefined ? [] : [risk === 'high' ? name : `${name}*`],
  );
  expect(risky).toEqual(expect.arrayContaining(RISKY));
});

test('whatever takes a reason against a freeze asks for a fresh proof with it, and for none without', async () => {
  const overriding = (await loadVerbs()).flatMap((verb) => {
    if (verb.kind !== 'command') return [];
    const { name, input, risk } = verb.definition;
    return input instanceof z.ZodObject && 'freezeOverrideReason' in input.shape ? [{ name, risk }] : [];
  });
  expect(overriding.map(({ name }) => name)).toContain('deployment.request');
  for (const { name, risk } of overriding) {
    const asks = async (freezeOverrideReason: string | null) =>
      risk !== undefined && (risk === 'high' || (await risk({} as ServiceContext, { freezeOverrideReason } as never)));
    expect([await asks('Customers wait'), await asks(null)], name).toEqual([true, false]);
  }
});
