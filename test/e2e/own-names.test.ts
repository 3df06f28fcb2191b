import { expect, test } from "@jest/globals";
import { startEmulator } from "../../emulator/graph/start-emulator.ts";
import { PulumiProject } from "../support/pulumi-project.ts";
import { throughPrism } from "../support/through-prism.ts";

const prism = throughPrism();

const LIST = `requests:
  - name: rename
    devicesFrom: names.csv
    steps: [setDeviceName]
    reason: One scheme of names
`;
const BY_SERIAL = LIST.replace("name: rename", "name: by-serial").replace(
  "[setDeviceName]",
  '[{ setDeviceName: { deviceName: "L-{{serialnumber}}" } }]',
);
const NAMES = "note,serialNumber,deviceName\nx,dmpxk2abcdef,LEEDS-1\ny,DMPXK2GHJKLM,LEEDS-2\n";

test("each device of a list is sent its own name, once", async () => {
  const emulator = await startEmulator({ checkInDelayMs: 100 });
  const project = await PulumiProject.create({ graphEndpoint: prism.endpointOf(emulator), wait: "10s" });
  const sent = () => emulator.actionCalls.map(({ body }) => JSON.stringify(body)).sort();
  try {
    await project.write("requests/names.csv", NAMES);
    await project.write("requests/a.yaml", LIST);
    const first = await project.up();
    const again = await project.up();
    await project.write("requests/a.yaml", BY_SERIAL);
    const bySerial = await project.up();

    expect([first.code, again.code, bySerial.code]).toEqual([0, 0, 0]);
    expect(again.text).toContain("3 unchanged");
    expect(sent()).toEqual([
      '{"deviceName":"L-DMPXK2ABCDEF"}',
      '{"deviceName":"L-DMPXK2GHJKLM"}',
      '{"deviceName":"LEEDS-1"}',
      '{"deviceName":"LEEDS-2"}',
    ]);
  } finally {
    await project.remove();
    await emulator.close();
  }
});
