export function checkDocRefs(root: string): string[];
