export function checkVendorIds(root: string): string[];
export function checkLateParts(root: string): string[];
export function checkStrings(root: string): string[];
export function checkTree(root: string): string[];
