import path from 'node:path';

/** Made by the global set-up; the session of the first administrator. */
export const SESSION_FILE = path.resolve(process.env['E2E_RESULTS'] ?? 'test-results', 'session.json');
export const ADMIN = { name: 'Ada Admin', login: 'admin', password: 'granite otter lantern 42' };
