"""A collector of OTLP over gRPC that is not ours: counts what comes, by service.name.

Listens on a free port of the loopback and prints its address as the first line; then, after each
export, one line of JSON: for each service how many spans, data points of metrics and log records
came, and which metrics. Ends with its standard input. Written from docs/formats/telemetry.md.
"""

import collections
import json
import sys
import threading
from concurrent import futures

import grpc
from opentelemetry.proto.collector.logs.v1 import logs_service_pb2 as logs
from opentelemetry.proto.collector.logs.v1 import logs_service_pb2_grpc as logs_grpc
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2 as metrics
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2_grpc as metrics_grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as traces
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2_grpc as traces_grpc

LOCK = threading.Lock()
COUNTS = collections.defaultdict(
    lambda: {"spans": 0, "points": 0, "records": 0, "metrics": [], "instances": [], "namespace": ""}
)


def counted(resources, count):
    """Adds what each resource brought and prints where that leads."""
    with LOCK:
        for resource in resources:
            attributes = {one.key: one.value.string_value for one in resource.resource.attributes}
            of_service = COUNTS[attributes.get("service.name", "")]
            of_service["namespace"] = attributes.get("service.namespace", "")
            instance = attributes.get("service.instance.id", "")
            if instance not in of_service["instances"]:
                of_service["instances"].append(instance)
            count(resource, of_service)
        print(json.dumps(COUNTS), flush=True)


class Traces(traces_grpc.TraceServiceServicer):
    def Export(self, request, context):
        def count(resource, of_service):
            for scope in resource.scope_spans:
                whole = (s for s in scope.spans if len(s.trace_id) == 16 and len(s.span_id) == 8)
                of_service["spans"] += sum(1 for _ in whole)

        counted(request.resource_spans, count)
        return traces.ExportTraceServiceResponse()


class Metrics(metrics_grpc.MetricsServiceServicer):
    def Export(self, request, context):
        def count(resource, of_service):
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    data = getattr(metric, metric.WhichOneof("data"))
                    of_service["points"] += len(data.data_points)
                    if metric.name not in of_service["metrics"]:
                        of_service["metrics"].append(metric.name)

        counted(request.resource_metrics, count)
        return metrics.ExportMetricsServiceResponse()


class Logs(logs_grpc.LogsServiceServicer):
    def Export(self, request, context):
        def count(resource, of_service):
            of_service["records"] += sum(len(scope.log_records) for scope in resource.scope_logs)

        counted(request.resource_logs, count)
        return logs.ExportLogsServiceResponse()


def main():
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
    traces_grpc.add_TraceServiceServicer_to_server(Traces(), server)
    metrics_grpc.add_MetricsServiceServicer_to_server(Metrics(), server)
    logs_grpc.add_LogsServiceServicer_to_server(Logs(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(f"http://127.0.0.1:{port}", flush=True)
    sys.stdin.read()
    server.stop(grace=1).wait()


main()
