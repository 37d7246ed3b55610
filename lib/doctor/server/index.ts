export { examine } from './examine';
