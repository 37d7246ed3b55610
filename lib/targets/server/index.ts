export { checkTarget } from './check';
export { createTarget } from './create';
export { listTargets } from './list';
export { readEstate, readEstateProgress } from './read-estate';
export { updateTarget } from './update';
