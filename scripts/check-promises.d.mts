export function checkPromises(root: string): string[];
