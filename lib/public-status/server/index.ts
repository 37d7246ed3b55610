export { readPublicStatus } from './read';
export { setPublic } from './set-public';
