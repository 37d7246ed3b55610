import type { Allowed } from './view';

export const yes: Allowed = { allowed: true, refusal: null };

export function no(code: string, sentence: string): Allowed {
  return { allowed: false, refusal: { code, sentence } };
}

export function firstRefusal(...checks: (Allowed | null)[]): Allowed {
  return checks.find((check) => check !== null && !check.allowed) ?? yes;
}

export function mayOr(may: boolean, verb: string, where: string, role = 'operator'): Allowed {
  if (may) return yes;
  return no('forbidden', `You may not ${verb} in ${where}. An administrator can give you the ${role} role there.`);
}
