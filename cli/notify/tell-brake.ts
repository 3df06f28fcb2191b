import type { BrakeEvent } from "../../notify/event.ts";
import { eventOf } from "../../notify/event-id.ts";
import { TARGET_VARIABLES, targetsIn } from "../../notify/send/target.ts";
import { isWanted, wantedIn } from "../../notify/wanted.ts";
import { printable } from "../../providers/domain/diagnostic.ts";
import { ProductError } from "../../providers/domain/errors.ts";
import { systemClock } from "../../providers/support/system-clock.ts";
import { operator } from "../support/operator.ts";
import { runUrlOf } from "./run-url.ts";

/**
 * Tells of the brake once it is set or taken away; where nobody is named in the environment it does
 * nothing. A brake stands whether somebody could be told or not: nothing is thrown.
 */
export async function tellBrake(change: Pick<BrakeEvent, "state" | "reason">, place: string, env: NodeJS.ProcessEnv): Promise<void> {
  try {
    if (!Object.values(TARGET_VARIABLES).some((name) => env[name])) return;
    const { tellAll } = await import("../../notify/send/tell-all.ts");
    const event = eventOf({ kind: "brake", ...change, who: operator(), held: [] }, place, new Date(systemClock.now()).toISOString());
    const targets = isWanted(event, wantedIn(env.DLR_NOTIFY_ON)) ? targetsIn(env) : [];
    const told = await tellAll(targets, [event], { stack: place, runUrl: runUrlOf(env) }, { clock: systemClock });
    for (const { isDelivered, text } of told) console.error(printable(isDelivered ? text : `NOT TOLD: ${text}`));
  } catch (error) {
    if (!(error instanceof ProductError)) throw error;
    console.error(printable(`NOT TOLD: ${error.message}`));
  }
}
