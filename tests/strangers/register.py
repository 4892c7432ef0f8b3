"""Registers reports at intake by reflection alone and gives their receipts.

    GONGXIN_TOKEN=… register.py ADDRESS TOLD_AT [COUNT]

TOLD_AT is when the reports were told, RFC 3339. Prints one JSON object: the services behind the
address, the answer of the first report with its receipt, how many were registered, and the refusals
of an empty report, of one that lacks facts, and of a call without a token.
"""

import json
import sys
import uuid

import grpc
from reflection import Service, as_json, refusal

INTAKE = "gongxin.intake.v1.IntakeService"


def report(told_at, number):
    return {
        "request_id": str(uuid.uuid4()),
        "source": "REPORT_SOURCE_REPORT",
        "told_at": told_at,
        "place": "明川县城关镇振兴路",
        "facts": f"停在楼下的第{number}辆电动车被盗。",
        "reporter": {"person": {"name": "贺启文"}, "phone": "19900006070"},
        "unit": {"code": "619921010000", "name": "城关派出所"},
        "nature": "NATURE_CRIMINAL",
        "charge": "盗窃罪",
        "evidence": ["购车发票1张"],
    }


def register_more(intake, told_at, numbers):
    """Keeps a few calls under way at a time."""
    under_way = []
    for number in numbers:
        under_way.append(intake.begin(INTAKE, "RegisterReport", report(told_at, number)))
        if len(under_way) == 8:
            under_way.pop(0).result()
    for call in under_way:
        call.result()


def refused(intake, method, content):
    """What was answered to a call that is to be refused; nothing when it was not."""
    try:
        intake.call(INTAKE, method, content)
    except grpc.RpcError as error:
        return refusal(error)
    return None


def main(address, told_at, count="1"):
    intake = Service(address)
    found = {"services": intake.names()}

    first = report(told_at, 0)
    answer = intake.call(INTAKE, "RegisterReport", first)
    again = intake.call(INTAKE, "RegisterReport", first)
    found["answer"] = as_json(answer)
    found["same_again"] = answer == again
    receipt = intake.call(INTAKE, "GetReceipt", {"report_id": answer.report_id})
    found["receipt"] = receipt.receipt

    found["empty"] = refused(intake, "RegisterReport", {"request_id": str(uuid.uuid4())})
    poor = {**report(told_at, 0), "facts": "", "reporter": {"person": {"name": ""}}}
    found["poor"] = refused(intake, "RegisterReport", poor)
    intake.metadata, token = [], intake.metadata
    found["without_token"] = refused(intake, "GetReceipt", {"report_id": answer.report_id})
    intake.metadata = token

    register_more(intake, told_at, range(1, int(count)))
    found["registered"] = int(count)
    print(json.dumps(found, ensure_ascii=False))


main(*sys.argv[1:])
