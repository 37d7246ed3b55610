export { createTarget } from './create';
export { listTargets } from './list';
export { updateTarget } from './update';
