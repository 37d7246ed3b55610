export { notesDue } from './notes-due';
export { readTold } from './read-told';
export { setTelling } from './set-telling';
export { tellDue } from './tell-due';
export { tellSeeded } from './tell-seeded';
