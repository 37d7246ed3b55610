import { KNOWN_SECRETS } from '../../lib/kernel/known-secrets';

/*
 * Test files share a process, and with it the list of secrets in use: what one file still holds would be masked in the
 * texts of the next.
 */
Reflect.deleteProperty(globalThis, KNOWN_SECRETS);
