export function checkPromises(root: string): string[];
export function commitsNotHere(root: string): string[];
