function sqlState(error: unknown): { code: string; constraint: string } | null {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ('code' in at && typeof at.code === 'string' && /^[0-9A-Z]{5}$/.test(at.code)) {
      return { code: at.code, constraint: 'constraint' in at ? String(at.constraint) : '' };
    }
  }
  return null;
}

/** True when exactly this unique index refused a row. */
export function isUniqueViolation(error: unknown, index: string): boolean {
  const state = sqlState(error);
  return state?.code === '23505' && state.constraint === index;
}

/** True when a row is still referred to, or refers to something that is gone. */
export function isForeignKeyViolation(error: unknown): boolean {
  return sqlState(error)?.code === '23503';
}

/** True when Postgres ended this transaction because another waited for it in turn. */
export function isDeadlock(error: unknown): boolean {
  return sqlState(error)?.code === '40P01';
}
