/**
 * The same Graph calls as a run that escrows codes, by a script without safety: find each device,
 * read its code. `node floor-script.ts URL COUNT single|batch`
 */
import { mapInPool } from "../providers/support/map-in-pool.ts";
import { serialOf } from "./fleet.ts";

const [url = "", total = "", way = ""] = process.argv.slice(2);
const BATCH = 20;
const AT_ONCE = 64;
const DEVICES = "/deviceManagement/managedDevices";

const serials = Array.from({ length: Number(total) }, (_, index) => serialOf(index));
const finding = serials.map((serial) => `${DEVICES}?$filter=serialNumber eq '${serial}'&$select=id,serialNumber`);
const found = await readAll(finding);
const ids = found.map((body) => idIn(body));
const codes = await readAll(ids.map((id) => `${DEVICES}/${id}?$select=id,activationLockBypassCode`));
if (codes.some((body) => typeof Object(body).activationLockBypassCode !== "string")) throw new Error("a code is missing");

function idIn(body: unknown): string {
  const id = Object(Object(body).value?.[0]).id;
  if (typeof id !== "string") throw new Error("a device was not found");
  return id;
}

async function readAll(paths: readonly string[]): Promise<readonly unknown[]> {
  if (way === "single") return mapInPool(paths, AT_ONCE, (path) => ask(path));
  const batches = Array.from({ length: Math.ceil(paths.length / BATCH) }, (_, index) => paths.slice(index * BATCH, (index + 1) * BATCH));
  return (await mapInPool(batches, AT_ONCE, askTogether)).flat();
}

async function askTogether(paths: readonly string[]): Promise<readonly unknown[]> {
  const requests = paths.map((path, index) => ({ id: String(index), method: "GET", url: encodeURI(path) }));
  const { responses } = Object(await ask("/$batch", JSON.stringify({ requests })));
  const bodies = new Map<string, unknown>(responses.map(({ id, body }: { readonly id: string; readonly body: unknown }) => [id, body]));
  return paths.map((_, index) => bodies.get(String(index)));
}

async function ask(path: string, body?: string): Promise<unknown> {
  const headers = { authorization: "Bearer bench", "content-type": "application/json" };
  const answer = await fetch(`${url}/beta${encodeURI(path)}`, body === undefined ? { headers } : { method: "POST", headers, body });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}
