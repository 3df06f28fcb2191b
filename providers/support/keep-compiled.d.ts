/** Keeps what Node compiles of this process for the next one. Says nothing where it cannot. */
export function keepCompiled(env: Readonly<Record<string, string | undefined>>): Promise<void>;
