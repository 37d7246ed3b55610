export const BUDGET: number;
export function scanBundle(dist: string): { name: string; problems: string[] }[];
