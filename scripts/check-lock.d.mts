export function checkLock(root: string): string[];
