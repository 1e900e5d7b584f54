// A stand-in for the platform while working on the console: the HTTP contract of docs/architecture.md with twelve
// invented residents and seeded data. Serves dist/ too. User "nurse", password "watch".
//   node dev/mock.mjs [--port 8900] [--quiet] [--administrator] [--first] [--stream-of-falls SECONDS] [--at 13:05] [--tiles ADDRESS]
// --at: the platform's clock shows this in China, so that mornings are mornings whenever one looks.
import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeAccounts } from "./accounts.mjs";
import { makeSheets } from "./sheet.mjs";
import { weekOf } from "./week.mjs";
import { makeReview } from "./review.mjs";
import { makePlans } from "./plan.mjs";
import { makeShift } from "./shift.mjs";
import { makeReach } from "./reach.mjs";
import { makeReader, speak } from "./decode.mjs";
import { makeWorld } from "./world.mjs";

const argument = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : (process.argv[at + 1] ?? otherwise);
};
const port = Number(argument("port", "8900"));
const every = Number(argument("stream-of-falls", "0"));
const dist = join(dirname(fileURLToPath(import.meta.url)), "../dist");
const at = argument("at", "");
if (at) {
  const [hour, minute] = at.split(":").map(Number);
  const [real, day, china] = [Date.now, 864e5, 8 * 36e5];
  const wanted = Math.floor((real() + china) / day) * day - china + (hour * 60 + minute) * 6e4;
  const ahead = wanted - real();
  Date.now = () => real() + ahead;
}
const tiles = argument("tiles", "");
const world = makeWorld({
  quiet: process.argv.includes("--quiet"),
  tiles: tiles ? { address: tiles, credit: "© nobody" } : null,
});
const streams = new Set();
const iso = () => new Date(Date.now()).toISOString();
const TYPES = { ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".html": "text/html" };
const pictures = tiles ? `data: ${new URL(tiles).origin}` : "data:";
const POLICY = `default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' ${pictures}; frame-ancestors 'none'`;
const role = process.argv.includes("--administrator") ? "administrator" : "carer";
const OWN = [
  { id: "oc_1", base: "real_unhurt", zh: "滑下床沿，未受伤", en: "Slid off the bed, unhurt", retired: false },
  { id: "oc_2", base: "false_alarm", zh: "护理时碰到手表", en: "The watch was knocked during care", retired: false },
];
const grants = [{ role, place: null, resident: null }];
// --first: signed in with a password that somebody else has drawn.
const me = { name: "zhang.wei", role, display_name: "张薇", grants, must_change: process.argv.includes("--first") };
const rights = makeAccounts(world, me);
const shifts = makeShift(world, me);
const sheets = makeSheets(me);
const review = makeReview(world);
const plans = makePlans(world, me);
const reader = makeReader();
const reach = makeReach(process.argv.includes("--simulated"));

world.onStep = (event) => {
  for (const stream of streams) send(stream, "alert", event, event.seq);
};

function send(stream, name, data, id) {
  stream.write(`event: ${name}\n${id ? `id: ${id}\n` : ""}data: ${JSON.stringify(data)}\n\n`);
}

function reply(response, status, body, headers = {}) {
  response.writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store", ...headers });
  response.end(body === undefined ? "" : JSON.stringify(body));
}

const fail = (response, status, code, message, beside = {}) =>
  reply(response, status, { error: { code, message }, ...beside });

async function bodyOf(request) {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text ? JSON.parse(text) : {};
}

function serveFile(response, path) {
  const file = join(dist, path);
  const found = extname(path) && existsSync(file) ? file : join(dist, "index.html");
  response.writeHead(200, {
    "Content-Type": `${TYPES[extname(found)] ?? "text/plain"}; charset=utf-8`,
    "Content-Security-Policy": POLICY,
  });
  createReadStream(found).pipe(response);
}

function openStream(response) {
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  streams.add(response);
  send(response, "hello", { platform_time: iso(), seq: world.seq });
  response.on("close", () => streams.delete(response));
}

/** GET routes: pattern -> (world, match, query). */
const READ = [
  [/^\/session$/, () => ({ user: me })],
  [/^\/residents$/, () => ({ residents: world.residents })],
  [/^\/residents\/([\w-]+)$/, (m) => world.resident(m[1])],
  [/^\/devices$/, () => ({ devices: world.residents.flatMap((one) => world.resident(one.id).devices) })],
  [/^\/residents\/([\w-]+)\/week$/, (m) => weekOf(m[1], world.listed("all", null).filter((one) => one.resident.id === m[1]))],
  [/^\/residents\/([\w-]+)\/trace$/, (m, query) => world.recent(m[1], query.get("start"), query.get("end"))],
  [/^\/residents\/([\w-]+)\/day$/, (m) => world.day(m[1])],
  [/^\/residents\/([\w-]+)\/routine$/, (m, query) => world.routine(m[1], query.get("week"))],
  [/^\/residents\/([\w-]+)\/proposal$/, (m) => ({ proposal: world.proposal(m[1]) })],
  [/^\/absences\/asking$/, () => ({ asking: world.settings.asking() })],
  [/^\/proposals$/, () => ({ proposals: world.asked() })],
  [/^\/residents\/([\w-]+)\/missed$/, (m) => ({ missed: world.missed(m[1]) })],
  [/^\/residents\/([\w-]+)\/settings$/, (m) => world.person(m[1]) && world.settings.read(world.person(m[1]))],
  [/^\/residents\/([\w-]+)\/whereabouts$/, (m) => world.whereabouts(m[1])],
  [/^\/residents\/([\w-]+)\/zone$/, (m) => world.zone(m[1])],
  [/^\/residents\/([\w-]+)\/sheet$/, (m) => sheets.read(m[1])],
  [/^\/places\/([\w-]+)\/sheet$/, (m) => sheets.house(m[1])],
  [/^\/alerts\/([\w-]+)\/way$/, (m) => world.way(m[1])],
  [/^\/residents\/([\w-]+)\/quiet$/, (m) => world.quiet(m[1])],
  [/^\/alerts$/, (_m, query) => ({ alerts: world.listed(query.get("status") ?? "open", query.get("since")) })],
  [/^\/alerts\/([\w-]+)$/, (m) => world.withSteps(m[1])],
  [/^\/alerts\/([\w-]+)\/day$/, (m) => world.alertDay(m[1])],
  [/^\/alerts\/([\w-]+)\/trace$/, (m) => world.trace(m[1])],
  [
    /^\/outcomes$/,
    () => ({
      base: [],
      local: OWN,
    }),
  ],
  [/^\/residents\/([\w-]+)\/looks$/, (m) => rights.looks(m[1])],
  [/^\/places$/, () => rights.places()],
  [/^\/plans$/, () => plans.list()],
  [/^\/devices\/health$/, () => plans.deviceHealth()],
  [/^\/places\/([\w-]+)\/plan$/, (m) => plans.read(m[1])],
  [/^\/places\/([\w-]+)\/now$/, (m) => plans.now(m[1])],
  [/^\/sessions$/, () => rights.sessions()],
  [/^\/quarantine$/, () => world.quarantine()],
  [/^\/quarantine\/(\d+)$/, (m) => reader.stored("sw/v1/band-r03/imu", "CIM1 broken frame", { id: Number(m[1]), at: iso(), reason: "bad-crc" })],
  [/^\/devices\/([\w-]+)\/message$/, (m) => reader.stored("zigbee2mqtt/hall", '{"occupancy":true,"battery":77}', { time: iso(), device: m[1] })],
  [/^\/overview$/, () => world.overview()],
  [/^\/review$/, (_m, query) => review.figures(query)],
  [/^\/review\/alerts$/, (_m, query) => review.waiting(query)],
];

async function api(request, response, url) {
  const path = url.pathname.slice("/api/v1".length);
  const signedIn = /shouwang_session=mock/.test(request.headers.cookie ?? "");
  if (path === "/session" && request.method === "POST") {
    const { user, password } = await bodyOf(request);
    if (user !== "nurse" || password !== "watch")
      return fail(response, 401, "wrong_password", "User and password do not match.");
    const cookie = "shouwang_session=mock; HttpOnly; SameSite=Strict; Path=/";
    return reply(
      response,
      201,
      { token: "mock", user: me, expires: new Date(Date.now() + 864e5).toISOString() },
      { "Set-Cookie": cookie },
    );
  }
  // --oidc: an identity server is set; it is never there.
  if (path === "/session/oidc") return reply(response, 200, { oidc: process.argv.includes("--oidc") ? { name: "院内统一身份" } : null });
  if (path === "/session/oidc/begin") return (response.writeHead(303, { Location: "/?signin=oidc_away" }), response.end());
  if (!signedIn) return fail(response, 401, "not_signed_in", "Sign in first.");
  if (path === "/session" && request.method === "DELETE") {
    return reply(response, 204, undefined, { "Set-Cookie": "shouwang_session=; Max-Age=0; Path=/" });
  }
  if (path === "/events") return openStream(response);
  if (/^\/(presence|attendance|shifts\/|places\/[\w-]+\/(shift|rota))/.test(path)) {
    const said = shifts.answer(request.method, path, url.searchParams, request.method === "GET" ? {} : await bodyOf(request));
    return said ? reply(response, 200, said) : fail(response, 404, "not_found", "There is nothing here.");
  }
  // For trying things by hand and in screenshots: make a fall, let somebody else claim, cut all streams.
  if (path === "/mock/fall") return reply(response, 200, world.fall(url.searchParams.get("resident")));
  if (path === "/mock/steal") return reply(response, 200, world.act(url.searchParams.get("id"), "claim", {}, "li.mei"));
  if (path === "/mock/cut") return (streams.forEach((one) => one.destroy()), reply(response, 200, {}));
  const there = /^\/residents\/([\w-]+)\/pause$/.exec(path);
  if (there) {
    const pause = world.pause(there[1], request.method === "POST" && me.name);
    for (const stream of streams) send(stream, "pause", { resident: there[1], pause });
    return reply(response, 200, { pause });
  }
  if (path === "/outcomes" && request.method === "POST") {
    OWN.push({ id: `oc_${OWN.length + 1}`, retired: false, ...(await bodyOf(request)) });
    return reply(response, 201, OWN.at(-1));
  }
  const retired = request.method === "DELETE" && OWN.find((one) => path === `/outcomes/${one.id}`);
  if (retired) return reply(response, 200, Object.assign(retired, { retired: true }));
  const decided = request.method === "POST" && /^\/proposals\/([\w-]+)\/(accept|decline|undo)$/.exec(path);
  if (decided) {
    // As if somebody else had pressed first: /mock/faster?id=p02.
    const { refused, proposal } = world.decide(decided[1], decided[2], me);
    if (refused) return fail(response, 409, refused, "li.mei accepted this already.", { proposal });
    return reply(response, 200, proposal);
  }
  const report = request.method === "POST" && /^\/residents\/([\w-]+)\/missed$/.exec(path);
  if (report) return reply(response, 201, world.report(report[1], await bodyOf(request), me.name));
  const sheet = request.method === "PUT" && /^\/(residents|places)\/([\w-]+)\/sheet$/.exec(path);
  if (sheet) {
    const body = await bodyOf(request);
    const done = sheet[1] === "places" ? sheets.writeHouse(sheet[2], body) : sheets.write(sheet[2], body);
    if (!done) return fail(response, 409, "changed_meanwhile", "li.mei has changed this meanwhile.");
    return reply(response, 200, done);
  }
  const noted = request.method === "POST" && /^\/residents\/([\w-]+)\/notes$/.exec(path);
  if (noted) return reply(response, 201, sheets.note(noted[1], await bodyOf(request)));
  const unnoted = request.method === "DELETE" && /^\/residents\/([\w-]+)\/notes\/(\w+)$/.exec(path);
  if (unnoted) return (sheets.takeBack(unnoted[1], unnoted[2]), reply(response, 204));
  const back = request.method === "DELETE" && /^\/missed\/([\w-]+)$/.exec(path);
  if (back) return (world.takeBack(back[1]), reply(response, 204));
  // As if another administrator had saved this: /mock/saved?id=r01&sensitivity=keener.
  if (path === "/mock/saved") {
    const change = { sensitivity: url.searchParams.get("sensitivity") };
    return reply(response, 200, world.settings.patch(world.person(url.searchParams.get("id")), change, "li.mei"));
  }
  if (path === "/mock/faster") {
    const other = { name: "li.mei", display_name: "李梅" };
    return reply(response, 200, world.decide(url.searchParams.get("id"), "accept", other).proposal);
  }
  if (path === "/session/password") {
    const { old } = await bodyOf(request);
    if (old !== "watch") return fail(response, 409, "wrong_password", "The old password is wrong.");
    me.must_change = false;
    return reply(response, 204);
  }
  if (path === "/review/close") return reply(response, 200, review.close(await bodyOf(request)));
  const corrected = request.method === "POST" && /^\/alerts\/([\w-]+)\/correct$/.exec(path);
  if (corrected) return reply(response, 200, world.correct(corrected[1], await bodyOf(request)));
  const ended = request.method === "DELETE" && /^\/sessions\/(\w+)$/.exec(path);
  if (ended) return (rights.end(ended[1]), reply(response, 204));
  if (/^\/(accounts|audit)/.test(path)) {
    if (me.role !== "administrator") return fail(response, 403, "not_allowed", "Your role does not allow this here.");
    if (path === "/audit") return reply(response, 200, rights.audit(url.searchParams));
    if (request.method === "GET") return reply(response, 200, rights.accounts());
    const done = rights.act(request.method, path, await bodyOf(request));
    if (!done) return fail(response, 404, "not_found", "There is no such account.");
    return done.refused ? fail(response, done.status, done.refused, done.refused) : reply(response, 200, done);
  }
  if (/^\/(message-templates|places\/[\w-]+\/(ladders?|reach|deliveries))/.test(path)) {
    if (me.role !== "administrator") return fail(response, 403, "not_allowed", "Your role does not allow this here.");
    const done = reach(request.method, path, request.method === "GET" ? {} : await bodyOf(request));
    if (!done) return fail(response, 404, "not_found", "There is nothing here.");
    return done.code ? fail(response, done.status, done.code, done.code, done.beside) : reply(response, done.status, done.body);
  }
  const one = /^\/residents\/([\w-]+)$/.exec(path);
  if (one && request.method === "PATCH") {
    if (me.role !== "administrator") return fail(response, 403, "not_allowed", "Only an administrator may do this.");
    const done = world.settings.patch(world.person(one[1]), await bodyOf(request), me.name);
    if (done.overtaken === undefined) return reply(response, 200, done);
    const error = { code: "changed_meanwhile", message: "Somebody has changed this meanwhile." };
    return reply(response, 409, { error, change: done.overtaken });
  }
  const zone = /^\/residents\/([\w-]+)\/zone(\/preview)?$/.exec(path);
  if (zone && request.method !== "GET") {
    if (me.role !== "administrator") return fail(response, 403, "not_allowed", "Only an administrator may do this.");
    const { corners } = await bodyOf(request);
    return reply(response, 200, zone[2] ? world.previewZone(corners) : world.setZone(zone[1], corners));
  }
  const plan = /^\/places\/([\w-]+)\/plan(\/drawing|\/restore)?$/.exec(path);
  if (plan?.[2] === "/drawing" && request.method === "GET") {
    response.writeHead(200, { "Content-Type": "image/svg+xml" });
    return response.end(plans.drawing);
  }
  if (plan && request.method !== "GET") {
    const seen = Number(url.searchParams.get("seen"));
    if (plan[2] === "/drawing") request.resume();
    const done =
      plan[2] === "/drawing"
        ? plans.setDrawing(plan[1], seen, request.method === "PUT")
        : plans[plan[2] ? "restore" : "put"](plan[1], await bodyOf(request));
    return done.refused ? fail(response, 409, done.refused, "Somebody has changed this plan meanwhile.") : reply(response, 200, done);
  }
  const away = /^\/residents\/([\w-]+)\/absences(?:\/(\w+))?(?:\/(end|still))?$/.exec(path);
  if (away) {
    const [, id, absence, verb] = away;
    const body = request.method === "DELETE" ? {} : await bodyOf(request);
    const done = world.settings.absences(world.person(id), request.method, absence, verb, body, me.name);
    return done.refused ? fail(response, 409, "overlaps", done.refused) : reply(response, 200, done);
  }
  if (path === "/decode" && request.method === "POST") return reply(response, 200, reader.all((await bodyOf(request)).messages));
  if (path === "/decode/listen") return speak(response, url.searchParams.get("topic") ?? "", reader);
  if (request.method === "POST") {
    const match = /^\/alerts\/([\w-]+)\/(claim|extend|hold|release|resolve|reopen|close|note)$/.exec(path);
    if (!match) return fail(response, 404, "not_found", "There is nothing here.");
    const changed = world.act(match[1], match[2], await bodyOf(request), me.name);
    if (changed.refused) return fail(response, 409, "refused", changed.refused, { alert: changed.alert });
    return reply(response, 200, changed);
  }
  for (const [pattern, read] of READ) {
    const match = pattern.exec(path);
    const found = match && read(match, url.searchParams);
    if (found) return reply(response, 200, found);
  }
  return fail(response, 404, "not_found", "There is nothing here.");
}

const server = createServer((request, response) => {
  const url = new URL(request.url, "http://mock");
  if (!url.pathname.startsWith("/api/")) return serveFile(response, url.pathname);
  api(request, response, url).catch((error) => fail(response, 500, "internal", String(error)));
});
server.listen(port, "127.0.0.1", () => console.log(`READY http://127.0.0.1:${server.address().port} (nurse / watch)`));
setInterval(() => streams.forEach((one) => send(one, "ping", { platform_time: iso() })), 10_000);
if (every) setInterval(() => world.fall(), every * 1000);
