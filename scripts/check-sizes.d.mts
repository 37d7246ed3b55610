export function checkSizes(root: string): Promise<string[]>;
