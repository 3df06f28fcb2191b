import { ConfigurationError } from "../../providers/domain/errors.ts";
import { PROJECT } from "../../providers/domain/project.ts";
import { graphNamed, type World } from "../../providers/domain/world.ts";
import type { Settings } from "../../providers/pulumi/settings.ts";
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
    return worldOf(checkedSettings(settings));
  } catch (error) {
    if (error instanceof ConfigurationError) return null;
    throw error;
  }
}

/** The world that settings tell: its tenant is null where none is set. */
export function worldOf({ cloud, graphEndpoint, tenant }: Pick<Settings, "cloud" | "graphEndpoint" | "tenant">): World {
  return { graph: graphNamed(parseGraphEndpoint(cloud, graphEndpoint)), tenant: tenant ?? null };
}
