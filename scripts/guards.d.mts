export function runGuards(root: string, say?: (line: string) => void): Promise<{ passed: number; failed: number }>;
