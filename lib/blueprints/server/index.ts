export { readSetup } from './read-setup';
export { setUp } from './set-up';
