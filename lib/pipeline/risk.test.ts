import { expect, test } from 'vitest';
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
  'deployment.request*',
  'deployment.rollback*',
  'member.invite',
  'member.renew-link',
  'member.set-grants',
  'policy.set',
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
