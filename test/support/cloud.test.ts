import { describe, expect, test } from "@jest/globals";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { CLOUD_NAMES, CLOUDS, parseCloud, parseGraphEndpoint } from "../../providers/support/cloud.ts";

describe("the endpoint of Graph", () => {
  test.each(CLOUD_NAMES)("of %s is its own", (cloud) => {
    const own = `https://${CLOUDS[cloud].graphHost}`;

    expect(parseGraphEndpoint(cloud, undefined)).toEqual({ origin: own, isLoopback: false });
    expect(parseGraphEndpoint(cloud, `${own}/`)).toEqual({ origin: own, isLoopback: false });
  });

  test.each([
    ["http://127.0.0.1:8787", "http://127.0.0.1:8787"],
    ["http://127.0.0.1:8787/", "http://127.0.0.1:8787"],
    ["http://127.250.1.2", "http://127.250.1.2"],
    ["http://localhost:9", "http://localhost:9"],
    ["https://LOCALHOST", "https://localhost"],
    ["http://[::1]:8787", "http://[::1]:8787"],
    ["http://0x7f.1:80", "http://127.0.0.1"],
  ])("may be %s on this machine", (address, origin) => {
    expect(parseGraphEndpoint("global", address)).toEqual({ origin, isLoopback: true });
  });

  test.each([
    "http://graph.microsoft.com",
    "https://graph.microsoft.com:8443",
    "https://graph.microsoft.com.evil.example",
    "https://graph.microsoft.com@evil.example",
    "https://evil.example/graph.microsoft.com",
    "https://evil.example",
    "https://graph.microsoft.us",
    "https://graph.microsoft.com/v1.0",
    "https://graph.microsoft.com?x=1",
    "https://graph.microsoft.com#x",
    "https://user:secret-word@127.0.0.1",
    "http://127.0.0.1.evil.example",
    "http://localhost.evil.example",
    "http://128.0.0.1",
    "http://0.0.0.0:8787",
    "http://[::ffff:127.0.0.1]",
    "ftp://127.0.0.1",
    "graph.microsoft.com",
    "",
  ])("is refused at %p", (address) => {
    const attempt = () => parseGraphEndpoint("global", address);

    expect(attempt).toThrow(ConfigurationError);
    expect(attempt).not.toThrow(/secret-word/);
  });

  test("an unknown cloud is refused with the names", () => {
    const attempt = () => parseCloud("globel");

    expect(attempt).toThrow(expect.objectContaining({ code: "CONFIGURATION", hint: expect.stringContaining("usGovernmentDod") }));
    expect(() => parseCloud("toString")).toThrow(ConfigurationError);
    expect(parseCloud("china")).toBe("china");
  });
});
