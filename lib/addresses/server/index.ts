export { addressInput, requireThere } from './require-there';
