/** The twelve pairs that may meet (D19), and what is true afterwards whoever was first. */
export const RACES = [
  { name: 'click/click', holds: 'one deployment, one request, one run' },
  { name: 'freeze/dispatch', holds: 'nothing is sent once the freeze is committed' },
  { name: 'approve/edit', holds: 'nothing is sent on an approval of what was there before the edit' },
  { name: 'approve/approve', holds: 'two people are two words, one person is one, and it is sent once' },
  { name: 'approve/role removal', holds: 'nothing is sent on the word of somebody who had lost the role' },
  { name: 'cancel/dispatch', holds: 'no run goes on of what was cancelled' },
  { name: 'rollback/deploy', holds: 'what was not sent before the roll-back is held by its pin or refused' },
  { name: 'rotate/use', holds: 'the old credential or the new one, never a mixture, and the new one stays' },
  { name: 'yank/download', holds: 'a download is whole or refused, and refused once the yank is committed' },
  { name: 'publish/publish same version', holds: 'published once, with the bytes of who was told so' },
  { name: 'webhook/reconcile', holds: 'one delivery, and the run’s end is written once' },
  { name: 'lease expiry/complete', holds: 'one run goes on, and it is the one that is followed' },
] as const;

export type RaceName = (typeof RACES)[number]['name'];

/** How often each of them is run by `npm test`. */
export const ROUNDS = 20;
