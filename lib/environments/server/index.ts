export { createEnvironment } from './create';
export { listEnvironments } from './list';
export { updateEnvironment } from './update';
