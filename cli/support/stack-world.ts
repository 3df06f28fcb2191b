import { ConfigurationError } from "../../providers/domain/errors.ts";
import { PROJECT } from "../../providers/domain/project.ts";
import { graphNamed, type World } from "../../providers/domain/world.ts";
import { parseGraphEndpoint } from "../../providers/support/cloud.ts";
import { checkedSettings, type StackSettings } from "./stack-settings.ts";

/**
 * The world that a stack's settings tell: its Graph, and the tenant where that is set. Null where
 * they do not: none is guessed from a default while a setting cannot be seen, or is wrong.
 */
export function worldOfStack(settings: StackSettings): World | null {
  const isUnseen = (key: string) => settings.unseen.keys.includes(`${PROJECT}:${key}`);
  if (["cloud", "graphEndpoint", "tenant"].some(isUnseen)) return null;
  try {
    const { cloud, graphEndpoint, tenant = null } = checkedSettings(settings);
    return { graph: graphNamed(parseGraphEndpoint(cloud, graphEndpoint)), tenant };
  } catch (error) {
    if (error instanceof ConfigurationError) return null;
    throw error;
  }
}
