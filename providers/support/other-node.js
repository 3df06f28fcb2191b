/** The oldest Node that reads our TypeScript as it is written. */
const OLDEST_MAJOR = 24;

/**
 * One sentence for whoever runs us with another Node than the one that `npm ci` installs, or null
 * for one that will do.
 * @param {string} version such as `24.21.0`
 * @returns {string | null}
 */
export function otherNode(version) {
  if (Number.parseInt(version, 10) >= OLDEST_MAJOR) return null;
  return `this is Node ${version}, and Node ${OLDEST_MAJOR} or newer is needed: \`npm ci\` in the project's folder installs it (not with --ignore-scripts or --omit=dev), and node_modules/.bin has to stand first on PATH`;
}
