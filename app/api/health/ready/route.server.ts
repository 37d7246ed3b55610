export { GET } from '../route.server';
