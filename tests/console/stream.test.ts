import assert from "node:assert/strict";
import { test } from "node:test";
import { Parser, type ServerEvent } from "../../api/console/src/sse";

function parse(...chunks: string[]): ServerEvent[] {
  const events: ServerEvent[] = [];
  const parser = new Parser((event) => events.push(event));
  chunks.forEach((chunk) => parser.feed(chunk));
  return events;
}

test("an event cut anywhere by the network is read the same", () => {
  const text = 'retry: 1000\nid: 42\nevent: alert\ndata: {"seq": 42}\n\n';
  const whole = parse(text);
  assert.deepEqual(whole, [{ name: "alert", id: "42", data: '{"seq": 42}' }]);
  for (let cut = 1; cut < text.length; cut++) assert.deepEqual(parse(text.slice(0, cut), text.slice(cut)), whole);
});

test("an event cut anywhere is read the same with line ends of two characters", () => {
  const text = "event: ping\r\ndata: {}\r\n\r\ndata: next\r\n\r\n";
  for (let cut = 1; cut < text.length; cut++) {
    assert.deepEqual(
      parse(text.slice(0, cut), text.slice(cut)).map((event) => event.data),
      ["{}", "next"],
    );
  }
});

test("comments and empty events are no events, and data of two lines is one", () => {
  assert.deepEqual(parse(": hello\n\n\n"), []);
  assert.equal(parse("data: a\ndata: b\n\n")[0]?.data, "a\nb");
});
