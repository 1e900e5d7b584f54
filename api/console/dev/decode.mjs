// What messages mean, for the mock: a few properties of Zigbee2MQTT as the platform says them (POST /decode), a broker
// that speaks (GET /decode/listen), and messages as they came. The real reader is ingest/interpreter.py.
const EVENTS = { contact: "door_open", occupancy: "motion", water_leak: "water_leak", smoke: "smoke" };
const ALARMS = ["sos", "fall", "smoke", "water_leak"];
const NUMBERS = { battery: ["battery", "%"], illuminance: ["illuminance", "lx"], temperature: ["temperature", "°C"], humidity: ["humidity", "%"], linkquality: ["link_quality", "lqi"] };
const NOISE = ["link_quality"];

export function makeReader() {
  const before = new Map();
  let index = 0;

  function codeOf(device, type, value, retain) {
    const key = `${device} ${type}`;
    const code = retain ? "remembered" : !before.has(key) ? "first" : before.get(key) === value ? "repeat" : "change";
    before.set(key, value);
    return code;
  }

  function zigbee(topic, body, retain) {
    const action = topic.endsWith("/action");
    const name = topic.slice("zigbee2mqtt/".length).replace(/\/action$/, "");
    const device = `z2m-${name.replace(/\W+/g, "-")}-8f0e7d6c`;
    const said = { observations: [], events: [], alarm: null, time: "arrival", unused: [] };
    const why = { family: "zigbee2mqtt", recognised: "configured", base: "zigbee2mqtt", devices: [device], observations: [], events: [], not_events: [], signs: [], alarm: "none", time: "no_time" };
    const happen = (type, value, code) => {
      const not = retain ? "remembered" : { repeat: "repeat", again: "duplicate" }[code];
      if (not) why.not_events.push({ type, value, why: not });
      else {
        said.events.push({ type, value });
        why.events.push(code);
      }
      if (!ALARMS.includes(type) || value !== true) return;
      said.alarm = not ? null : type;
      why.alarm = not ?? "happened";
    };
    for (const [key, value] of Object.entries(action ? { action: body } : body)) {
      if (key === "action") {
        if (!value) continue;
        const sos = value === "emergency";
        const again = before.get(`${device} press`) === value;
        before.set(`${device} press`, value);
        happen(sos ? "sos" : "button", sos || value, again ? "again" : "press");
      } else if (EVENTS[key]) {
        const on = key === "contact" ? !value : value;
        happen(EVENTS[key], on, codeOf(device, EVENTS[key], on, retain));
      } else if (NUMBERS[key]) {
        const [type, unit] = NUMBERS[key];
        said.observations.push({ type, value, unit });
        why.observations.push(codeOf(device, type, value, retain));
      } else said.unused.push(key);
    }
    const news = said.observations.some((one, n) => !NOISE.includes(one.type) && ["first", "change"].includes(why.observations[n]));
    const twice = why.not_events.some((one) => one.why === "duplicate");
    why.kind = retain ? "remembered" : said.events.length ? "event" : twice ? "duplicate" : news ? "change" : "repeat";
    if (!said.unused.length) delete said.unused;
    return { ...said, why };
  }

  function read({ topic, payload, payload_raw, payload_hex, retain = false }) {
    let body = payload ?? payload_raw ?? (payload_hex ? Buffer.from(payload_hex, "hex").toString() : "");
    try {
      body = typeof body === "string" ? JSON.parse(body) : body;
    } catch {
      // a bare word
    }
    const nothing = { observations: [], events: [], alarm: null, time: "arrival" };
    if (topic.startsWith("zigbee2mqtt/bridge/")) {
      const entities = [{ device: "front door", model: "MCCGQ11LM" }, { device: "hall", model: "RTCGQ11LM" }];
      return { ...nothing, entities, device_count: 14, why: { kind: "announcement", family: "zigbee2mqtt", recognised: "configured", devices: [], alarm: "none" } };
    }
    if (topic.startsWith("zigbee2mqtt/") && (typeof body === "object" || topic.endsWith("/action"))) return zigbee(topic, body, retain);
    if (topic.endsWith("/event") && topic.startsWith("sw/v1/"))
      return { ...nothing, events: [{ type: "sos", value: true }], alarm: "sos", time: new Date().toISOString(), why: { kind: "event", family: "shouwang", recognised: "own", devices: ["watch-7"], events: ["told"], alarm: "happened", time: "boot_clock" } };
    if (topic.startsWith("owntracks/")) {
      const observations = [{ type: "location", value: [body.lat, body.lon], unit: "°", accuracy_m: body.acc }, { type: "battery", value: body.batt, unit: "%" }];
      return { ...nothing, observations, time: new Date(body.tst * 1000).toISOString(), unused: ["conn"], why: { kind: "change", family: "owntracks", recognised: "configured", devices: ["owntracks-li-phone-a3adc2c7"], observations: ["first", "first"], alarm: "none", time: "device" } };
    }
    if (topic.startsWith("sw/v1/"))
      return { ...nothing, quarantine: "bad-crc", why: { kind: "refused", family: "shouwang", recognised: "own", devices: [], sentence: "The frame's checksum does not fit.", heard: true } };
    return { ...nothing, quarantine: "unknown-topic", unknown: ["family"], why: { kind: "unknown", family: null, heard: true } };
  }

  return {
    all: (messages) => {
      before.clear();
      return { messages: messages.map((one, n) => ({ index: n, ...read(one) })) };
    },
    one: (message) => ({ index: index++, ...read(message) }),
    stored: (topic, text, more = {}) => ({ topic, payload_hex: Buffer.from(text).toString("hex"), size: text.length, retain: false, ...more }),
  };
}

/** What the mock's broker says, one after the other: [topic, payload, retained]. */
const SPOKEN = [
  ["zigbee2mqtt/bridge/devices", [], true],
  ["zigbee2mqtt/bathroom floor", { water_leak: false, battery: 60 }, true],
  ["zigbee2mqtt/front door", { contact: false, battery: 91, linkquality: 120 }, false],
  ["zigbee2mqtt/hall", { occupancy: true, illuminance: 40, battery: 77, sensitivity: "high" }, false],
  ["zigbee2mqtt/hall", { occupancy: true, illuminance: 40, battery: 77, sensitivity: "high" }, false],
  ["zigbee2mqtt/front door", { contact: true, battery: 91, linkquality: 118 }, false],
  ["zigbee2mqtt/bed cord", { action: "emergency", battery: 100 }, false],
  ["zigbee2mqtt/bed cord/action", "emergency", false],
  ["zigbee2mqtt/kitchen", { temperature: 21.4, humidity: 46, battery: 88 }, false],
  ["garden/mower/status", { mode: "mowing" }, false],
];

/** Speaks into a stream until it is closed. `silent/#` hears nothing, `away/#` finds no broker, `flood/#` too much, `forbidden/#` no right. */
export function speak(response, topic, reader) {
  if (topic.startsWith("forbidden")) {
    response.writeHead(403, { "Content-Type": "application/json" });
    return response.end(JSON.stringify({ error: { code: "listen_everywhere", message: "Elsewhere." } }));
  }
  const send = (name, data) => response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  send("hello", { topic, seconds: 600 });
  let heard = 0;
  const skipped = topic === "#" ? 12 : 0;
  const state = topic.startsWith("away") ? "away" : "listening";
  const ping = () => send("ping", { state, heard, skipped, platform_time: new Date().toISOString() });
  ping();
  if (topic.startsWith("flood")) return response.end(`event: end\ndata: ${JSON.stringify({ reason: "flooded", heard, skipped })}\n\n`);
  const pinging = setInterval(ping, 3000);
  const speaking = setInterval(() => {
    if (state !== "listening" || topic.startsWith("silent")) return;
    const [on, payload, retain] = SPOKEN[heard % SPOKEN.length];
    heard += 1;
    const payload_raw = typeof payload === "string" ? payload : JSON.stringify(payload);
    const said = reader.one({ topic: on, payload, retain });
    send("message", { topic: on, payload_raw, size: payload_raw.length, retain, arrival: new Date().toISOString(), said });
  }, 250);
  response.on("close", () => [pinging, speaking].forEach(clearInterval));
}
