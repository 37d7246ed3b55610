export { createRelease } from './create';
export { createTag } from './create-tag';
export { listReleases } from './list';
export { readNotes } from './notes';
export { publishRelease } from './publish';
