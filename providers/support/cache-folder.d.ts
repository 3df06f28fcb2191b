/** DEVICE_LIFECYCLE_CACHE, or the folder that the system keeps for caches of its users. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>): string;

/**
 * The folder in which Node keeps our code compiled, made where it is not there. Null where it
 * cannot be made, where the disk is nearly full, or where somebody else could write into it: Node
 * runs what it finds there.
 */
export function compiledFolder(env: Readonly<Record<string, string | undefined>>, freeBytes?: (folder: string) => number): string | null;
