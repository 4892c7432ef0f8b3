"""procrastinate: the job is deferred in the transaction of its business row, sixteen run at once."""

import asyncio
import json
import sys
import time

import procrastinate
import psycopg_pool

CALLERS = 16
PAYLOAD = "x" * 500
DEFER = """
select procrastinate_defer_jobs_v1(array[row(
    'default', 'effect', 0, null, null, %s::jsonb, null)::procrastinate_job_to_defer_v1])
"""


async def main(url: str, count: int) -> None:
    connector = procrastinate.PsycopgConnector(conninfo=url, min_size=4, max_size=CALLERS + 4)
    app = procrastinate.App(connector=connector)
    pool = psycopg_pool.AsyncConnectionPool(url, min_size=CALLERS, max_size=CALLERS, open=False)
    await pool.open()
    async with pool.connection() as conn:
        await conn.execute("create table items (n int primary key, what text not null)")
        await conn.execute("create table effects (at bigserial primary key, n int not null)")

    @app.task(name="effect")
    async def effect(n: int, what: str) -> None:
        async with pool.connection() as conn:
            await conn.execute("insert into effects (n) values (%s)", (n,))

    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        numbers = iter(range(count))

        async def caller() -> None:
            async with pool.connection() as conn:
                for n in numbers:
                    async with conn.transaction():
                        await conn.execute("insert into items (n, what) values (%s, %s)", (n, PAYLOAD))
                        await conn.execute(DEFER, (json.dumps({"n": n, "what": PAYLOAD}),))

        begun = time.perf_counter()
        await asyncio.gather(*(caller() for _ in range(CALLERS)))
        publish = count / (time.perf_counter() - begun)
        begun = time.perf_counter()
        await app.run_worker_async(concurrency=CALLERS, wait=False, install_signal_handlers=False)
        consume = count / (time.perf_counter() - begun)
    async with pool.connection() as conn:
        cursor = await conn.execute("select count(distinct n) from effects")
        (distinct,) = await cursor.fetchone()
    print("RESULT " + json.dumps({"publish": publish, "consume": consume, "distinct": distinct}))
    await pool.close()


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
