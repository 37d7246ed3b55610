export function ensureTool(name: string, aptPackage?: string): Promise<string>;
