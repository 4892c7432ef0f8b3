// The same work for every peer of Node.js: a business row and a message in one transaction by
// sixteen callers, then one effect a message; prints the rates and the number of distinct effects.
import pg from "pg";

export const CALLERS = 16;
export const PAYLOAD = "x".repeat(500);

export async function tables(url) {
  const pool = new pg.Pool({ connectionString: url, max: CALLERS });
  await pool.query("create table items (n int primary key, what text not null)");
  await pool.query("create table effects (at bigserial primary key, n int not null)");
  return pool;
}

/// `enqueue(client, n)` runs in the transaction of the business row.
export async function publish(pool, count, enqueue) {
  let next = 0;
  const begun = performance.now();
  const caller = async () => {
    const client = await pool.connect();
    while (next < count) {
      const n = next++;
      await client.query("begin");
      await client.query("insert into items (n, what) values ($1, $2)", [n, PAYLOAD]);
      await enqueue(client, n);
      await client.query("commit");
    }
    client.release();
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return (count * 1000) / (performance.now() - begun);
}

/// Waits until there are as many effects as messages.
export async function untilApplied(pool, count, begun) {
  for (;;) {
    const { rows } = await pool.query("select count(*)::int as n from effects");
    if (rows[0].n >= count) return (count * 1000) / (performance.now() - begun);
    if (performance.now() - begun > 120000) throw new Error(`${rows[0].n} of ${count} effects`);
    await new Promise((later) => setTimeout(later, 10));
  }
}

export async function result(pool, rates) {
  const { rows } = await pool.query("select count(distinct n)::int as n from effects");
  console.log(`RESULT ${JSON.stringify({ ...rates, distinct: rows[0].n })}`);
}
