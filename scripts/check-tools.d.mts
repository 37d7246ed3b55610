export function checkTypes(root: string): Promise<string[]>;
export function checkLint(root: string): Promise<string[]>;
export function checkImports(root: string): Promise<string[]>;
export function checkProviders(root: string): Promise<string[]>;
export function checkCleanInstall(root: string): Promise<string[]>;
