export { createComponent } from './create';
export { listComponents } from './list';
export { updateComponent } from './update';
