export { checkTarget } from './check';
export { checkProbe } from './check-probe';
export { createTarget } from './create';
export { listTargets } from './list';
export { readEstate, readEstateProgress } from './read-estate';
export { updateTarget } from './update';
