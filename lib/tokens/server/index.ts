export { createToken } from './create';
export { listTokens } from './list';
export { readCaller, readToken, readTokenById, type TokenActor } from './read';
export { revokeAllTokens, revokeToken } from './revoke';
