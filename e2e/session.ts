import { OWN } from './consoles';

/** Made by the global set-up; the session of the first administrator. */
export const SESSION_FILE = OWN.session;
export const ADMIN = { name: 'Ada Admin', login: 'admin', password: 'granite otter lantern 42' };
