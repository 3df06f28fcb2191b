import { fileURLToPath } from "node:url";

/**
 * The folder of package.json, whatever folder a command was started in. Without a slash at its end.
 */
export const PROJECT_FOLDER = fileURLToPath(new URL("../..", import.meta.url)).replace(/[/\\]$/, "");
