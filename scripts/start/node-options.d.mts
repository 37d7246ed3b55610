export function serverNodeOptions(own?: string): string;
