export { look } from './look';
export { lookAround } from './look-around';
export { lookNow } from './look-now';
