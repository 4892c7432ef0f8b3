"""Calls a service of Gongxin without contracts: all that is known of it comes from reflection.

Written from docs/formats/grpc.md.
"""

import os

import grpc
from google.protobuf import json_format, message_factory
from google.protobuf.descriptor_pool import DescriptorPool
from google.rpc import error_details_pb2
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)
from grpc_status import rpc_status


class Service:
    """A service as it describes itself at an address."""

    def __init__(self, address):
        self.channel = grpc.insecure_channel(address)
        self.database = ProtoReflectionDescriptorDatabase(self.channel)
        self.pool = DescriptorPool(self.database)
        token = os.environ.get("GONGXIN_TOKEN")
        self.metadata = [("authorization", f"Bearer {token}")] if token else []

    def names(self):
        """Full names of the services behind the address."""
        return sorted(self.database.get_services())

    def message(self, full_name):
        """The class of a message type."""
        return message_factory.GetMessageClass(self.pool.FindMessageTypeByName(full_name))

    def begin(self, service, method, content):
        """Begins a call with this content; gives the call, whose result is the answer."""
        described = self.pool.FindServiceByName(service).FindMethodByName(method)
        request = message_factory.GetMessageClass(described.input_type)
        answer = message_factory.GetMessageClass(described.output_type)
        call = self.channel.unary_unary(
            f"/{service}/{method}",
            request_serializer=request.SerializeToString,
            response_deserializer=answer.FromString,
        )
        message = json_format.ParseDict(content, request())
        return call.future(message, timeout=20, metadata=self.metadata)

    def call(self, service, method, content):
        """Calls with this content and gives the answer."""
        return self.begin(service, method, content).result()


def as_json(message):
    """A message as plain values, by the names of its contract."""
    return json_format.MessageToDict(message, preserving_proto_field_name=True)


def refusal(error):
    """What a typed refusal says."""
    status = rpc_status.from_call(error)
    found = {"code": error.code().name, "message": error.details(), "fields": []}
    for detail in status.details if status else []:
        info = error_details_pb2.ErrorInfo()
        bad = error_details_pb2.BadRequest()
        local = error_details_pb2.LocalizedMessage()
        if detail.Unpack(info):
            found.update(reason=info.reason, domain=info.domain)
        elif detail.Unpack(bad):
            found["fields"] = [violation.field for violation in bad.field_violations]
        elif detail.Unpack(local):
            found.update(locale=local.locale, local=local.message)
    return found
