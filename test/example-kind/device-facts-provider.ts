import path from "node:path";
import "../../providers/pulumi/plain-stack-traces.ts";
import { ConfigurationError, GraphReadError } from "../../providers/domain/errors.ts";
import { type DeviceFacts, deviceFacts } from "../../providers/domain/managed-device.ts";
import { KeptSettings } from "../../providers/pulumi/kept-settings.ts";
import { openPorts } from "../../providers/pulumi/open-ports.ts";
import { withoutStack } from "../../providers/pulumi/provider/failure.ts";
import type { ReadKey } from "../../providers/pulumi/settings.ts";

/** What the program gives. */
export interface FactsInputs {
  readonly serialNumber: string;
}

/** What stands in state. */
export interface FactsOutputs extends FactsInputs {
  readonly device: DeviceFacts;
}

type Stored = { readonly __provider: string };

const ROOT = path.resolve(import.meta.dirname, "../..");

const settings = new KeptSettings();

/** Pulumi ends the process where this fails. */
export function configure(request: { readonly config: { readonly get: ReadKey } }): void {
  settings.keep(request);
}

export function check(_old: unknown, inputs: FactsInputs): { inputs: FactsInputs; failures: [] } {
  return { inputs, failures: [] };
}

/** Another device is another resource. */
export function diff(_id: string, state: FactsOutputs, inputs: FactsInputs): { changes: boolean; replaces: readonly string[] } {
  const isOther = state.serialNumber !== inputs.serialNumber;
  return { changes: isOther, replaces: isOther ? ["serialNumber"] : [] };
}

export async function create(inputs: FactsInputs & Stored): Promise<{ id: string; outs: FactsOutputs & Stored }> {
  return { id: inputs.serialNumber, outs: { ...inputs, device: await look(inputs) } };
}

/** `pulumi refresh`: looks again. */
export async function read(id: string, state: FactsOutputs & Stored): Promise<{ id: string; props: FactsOutputs & Stored }> {
  return { id, props: { ...state, device: await look(state) } };
}

/** Nothing was made, so nothing is taken away. */
async function remove(): Promise<void> {}

export { remove as delete };

async function look({ serialNumber }: FactsInputs): Promise<DeviceFacts> {
  try {
    const [found] = await openPorts(settings.get(), ROOT, process.env).directory.resolveEach([{ serialNumber }]);
    if (found instanceof GraphReadError) throw found;
    const [device, ...others] = found ?? [];
    if (device !== undefined && others.length === 0) return deviceFacts(device);
    throw new ConfigurationError(`${device === undefined ? "no device has" : "several devices have"} serial number ${serialNumber}`);
  } catch (error) {
    throw withoutStack(error, { root: ROOT, env: process.env });
  }
}
