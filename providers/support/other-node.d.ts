/**
 * One sentence for whoever runs us with another Node than the one that `npm ci` installs, or null
 * for one that will do.
 */
export function otherNode(version: string): string | null;
