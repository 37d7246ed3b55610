/**
 * When a follower is taken to be gone: so many messages in a row reached nobody, so many days between the first and the last
 * of them, and the last is news still. Only what another follower took counts: else the trouble may be on this side.
 */
export const STOPPED_AFTER = { messages: 3, days: 7, newestWithinDays: 2 } as const;
/** Who is stopped for so long is forgotten. */
export const FORGOTTEN_DAYS = 30;

export const STOPPED_WORDS = `${STOPPED_AFTER.messages} messages in a row, over ${STOPPED_AFTER.days} days or more, reached nobody there, while others took them.`;
