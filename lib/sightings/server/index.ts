export { lookAround } from './look-around';
export { lookNow } from './look-now';
