"""Reads one event from JetStream and decodes it, without contracts.

    read_event.py NATS_URL PREFIX LOG SUBJECT EVENT_ID ADDRESS

Looks from the beginning of the log's stream, on PREFIX.SUBJECT, for the event of this id. The package
cloudevents reads the message; the type of its data comes from reflection at ADDRESS. Prints one
JSON object: the attributes, the headers, the data. Written from docs/formats/events.md.
"""

import asyncio
import json
import re
import sys

import nats
from cloudevents.http import from_http
from nats.js.api import DeliverPolicy
from reflection import Service, as_json


async def find(url, stream, subject, event_id):
    client = await nats.connect(url)
    try:
        messages = await client.jetstream().subscribe(
            subject, stream=stream, ordered_consumer=True, deliver_policy=DeliverPolicy.ALL
        )
        while True:
            message = await messages.next_msg(timeout=20)
            # To read a binary message the attributes are taken as HTTP carries them, which is how
            # NATS does: a header of its own for each, with `ce-` in front.
            event = from_http(message.headers, message.data, data_unmarshaller=lambda data: data)
            if event["id"] == event_id:
                return message, event
    finally:
        await client.close()


def main(url, prefix, log, subject, event_id, address):
    stream = re.sub("[^A-Za-z0-9]", "_", f"{prefix}_{log}").upper()
    message, event = asyncio.run(find(url, stream, f"{prefix}.{subject}", event_id))
    data = event.data or b""
    decoded = Service(address).message(event["type"]).FromString(data)
    found = {
        "subject": message.subject,
        "headers": dict(message.headers),
        "attributes": dict(event.get_attributes()),
        "data": as_json(decoded),
        "unknown_fields": decoded.SerializeToString(deterministic=True) != data,
    }
    print(json.dumps(found, ensure_ascii=False))


main(*sys.argv[1:])
