export function scanActions(dist: string, root: string): { name: string; problems: string[] };
