// graphile-worker: sixteen at once from a local queue of 500, completions in batches.
import { makeWorkerUtils, run } from "graphile-worker";
import { CALLERS, PAYLOAD, publish, result, tables, untilApplied } from "./work.mjs";

const [url, count] = [process.argv[2], Number(process.argv[3])];
const pool = await tables(url);
const utils = await makeWorkerUtils({ connectionString: url });
await utils.migrate();

const publishRate = await publish(pool, count, (client, n) =>
  client.query("select graphile_worker.add_job('effect', $1::json)", [
    JSON.stringify({ n, what: PAYLOAD }),
  ]),
);

const begun = performance.now();
const runner = await run({
  connectionString: url,
  noHandleSignals: true,
  taskList: {
    effect: async ({ n }, { query }) => {
      await query("insert into effects (n) values ($1)", [n]);
    },
  },
  preset: {
    worker: {
      concurrentJobs: CALLERS,
      maxPoolSize: CALLERS + 4,
      localQueue: { size: 500 },
      completeJobBatchDelay: 0,
      failJobBatchDelay: 0,
    },
  },
});
const consumeRate = await untilApplied(pool, count, begun);
await result(pool, { publish: publishRate, consume: consumeRate });
await runner.stop();
await utils.release();
await pool.end();
process.exit(0);
