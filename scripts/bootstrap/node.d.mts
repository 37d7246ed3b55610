export const PROJECT_ROOT: string;
export const MINIMUM_NODE: number[];
export const REEXEC_VARIABLE: string;
export function nodeIsRecentEnough(version: string): boolean;
export function onSupportedNode(script: string, main: () => Promise<void>): Promise<void>;
export function bringNode(root: string, platform?: string): Promise<string>;
