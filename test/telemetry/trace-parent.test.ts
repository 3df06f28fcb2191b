import { expect, test } from "@jest/globals";
import { parseTraceParent, renderTraceParent } from "../../providers/telemetry/trace-parent.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

test.each([
  [`00-${TRACE}-${SPAN}-01`, { traceId: TRACE, spanId: SPAN, isSampled: true }],
  [`00-${TRACE}-${SPAN}-00`, { traceId: TRACE, spanId: SPAN, isSampled: false }],
  [`cc-${TRACE}-${SPAN}-09-more`, { traceId: TRACE, spanId: SPAN, isSampled: true }],
  [`ff-${TRACE}-${SPAN}-01`, null],
  [`00-${"0".repeat(32)}-${SPAN}-01`, null],
  [`00-${TRACE}-${"0".repeat(16)}-01`, null],
  [`00-${TRACE.toUpperCase()}-${SPAN}-01`, null],
  ["", null],
  [undefined, null],
])("%s", (text, place) => {
  expect(parseTraceParent(text)).toEqual(place);
});

test("what is rendered is read as the same place", () => {
  const place = { traceId: TRACE, spanId: SPAN, isSampled: true };

  expect(parseTraceParent(renderTraceParent(place))).toEqual(place);
});
