export function scanRecord(dist: string): { name: string; problems: string[] };
