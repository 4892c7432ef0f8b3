// pg-boss: fetches of 100, one statement for the effects of a batch, then the batch is completed.
import PgBoss from "pg-boss";
import { CALLERS, PAYLOAD, publish, result, tables, untilApplied } from "./work.mjs";

const [url, count] = [process.argv[2], Number(process.argv[3])];
const pool = await tables(url);
const boss = new PgBoss({ connectionString: url, max: CALLERS, supervise: false, schedule: false });
boss.on("error", (error) => console.error(error));
await boss.start();
await boss.createQueue("effects");

const publishRate = await publish(pool, count, (client, n) =>
  boss.send("effects", { n, what: PAYLOAD }, {
    db: { executeSql: (text, values) => client.query(text, values) },
  }),
);

const begun = performance.now();
let done = false;
const fetcher = async () => {
  while (!done) {
    const jobs = await boss.fetch("effects", { batchSize: 100 });
    if (!jobs || jobs.length === 0) return;
    const numbers = jobs.map((job) => job.data.n);
    await pool.query("insert into effects (n) select unnest($1::int[])", [numbers]);
    await boss.complete("effects", jobs.map((job) => job.id));
  }
};
await Promise.all(Array.from({ length: 4 }, fetcher));
const consumeRate = await untilApplied(pool, count, begun);
done = true;
await result(pool, { publish: publishRate, consume: consumeRate });
await boss.stop({ graceful: false });
await pool.end();
process.exit(0);
