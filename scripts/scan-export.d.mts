export function scanExport(folder: string, basePath?: string): { name: string; problems: string[] }[];
