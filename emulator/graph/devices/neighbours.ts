import { intuneError } from "../faults/error-answer.ts";
import { type GraphAnswer, type GraphCall, jsonAnswer } from "../graph-call.ts";
import type { DeviceStore } from "./device-store.ts";

/** Apps that the devices in Intune have, each once. */
export function listApps(store: DeviceStore): GraphAnswer {
  return jsonAnswer(200, { value: [...apps(store).values()] });
}

/** 404 for an app that no device in Intune has. */
export function readApp(call: GraphCall, id: string, store: DeviceStore): GraphAnswer {
  const app = apps(store).get(id.toLowerCase());
  return app === undefined ? intuneError(call, 404, "The requested app was not found.") : jsonAnswer(200, app);
}

/** What a script did on its devices. */
export function listRunStates(call: GraphCall, script: string, store: DeviceStore): GraphAnswer {
  const states = store
    .present()
    .flatMap((device) => device.settings.deviceRunStates ?? [])
    .filter((state) => state.script === script)
    .map((state) => ({ id: state.runState, runState: "success", errorCode: 0, resultMessage: "" }));
  return states.length === 0 ? intuneError(call, 404, "The requested script was not found.") : jsonAnswer(200, { value: states });
}

function apps(store: DeviceStore) {
  const found = new Map<string, { readonly id: string; readonly displayName: string; readonly deviceCount: number }>();
  for (const app of store.present().flatMap((device) => device.settings.detectedApps ?? [])) {
    const key = app.id.toLowerCase();
    found.set(key, { id: app.id, displayName: app.displayName ?? app.id, deviceCount: (found.get(key)?.deviceCount ?? 0) + 1 });
  }
  return found;
}
