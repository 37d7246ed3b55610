/** After so many tries a webhook delivery is set aside; what it was about is looked at anyway. */
export const MAX_TRIES = 3;
/** The `event` of one that is signed and no payload: there is nothing in it to process. */
export const UNREADABLE = 'unreadable';
