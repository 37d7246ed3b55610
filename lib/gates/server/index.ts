export { endFreeze } from './end-freeze';
export { createFreeze } from './freeze';
export { lock } from './lock';
export { readHolds } from './read-holds';
export { readPolicy } from './read-policy';
export { setPolicy } from './set-policy';
export { updateFreeze } from './update-freeze';
