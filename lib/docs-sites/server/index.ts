export { proposeNewHead } from './new-head';
export { readSite } from './read-site';
export { setSite } from './set-site';
