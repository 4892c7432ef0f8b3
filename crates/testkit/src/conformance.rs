//! What every service must do, whatever it is for.

use std::collections::BTreeMap;

use gongxin_kernel::{Post, Staff};
use gongxin_proto::FILE_DESCRIPTOR_SET;
use gongxin_proto::operations::v1::GetStatusRequest;
use gongxin_proto::operations::v1::operations_service_client::OperationsServiceClient;
use prost::Message as _;
use prost_types::{FileDescriptorProto, FileDescriptorSet};
use sqlx::AssertSqlSafe;
use tonic::client::Grpc;
use tonic::transport::Channel;
use tonic::{Code, Request, Status};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tonic_prost::ProstCodec;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;
use tonic_reflection::pb::v1::{ListServiceResponse, ServerReflectionRequest};

use crate::{Deployment, officer, reason, until};

/// Services whose callers are not signed in: health and reflection are for everybody, the exchange
/// believes signatures.
const OPEN: [&str; 3] =
    ["grpc.health.v1.Health", "grpc.reflection.v1.", "gongxin.exchange.v1.ExchangeService"];

/// Holds a running service to the rules of the house. Call it at the end of a test in which the
/// service has done what it is for, so that there are events to look at.
pub async fn conforms(deployment: &Deployment, service: &str, url: &str) {
    let channel = Channel::from_shared(url.to_owned()).unwrap().connect().await.unwrap();

    let health = HealthClient::new(channel.clone()).check(HealthCheckRequest::default()).await;
    assert_eq!(health.unwrap().into_inner().status, 1, "{service} is not serving");
    for page in ["livez", "readyz", "startupz"] {
        assert_eq!(crate::get(&format!("{url}/{page}"), None).await.0, 200, "{page}");
    }

    let names = reflected(channel.clone()).await;
    let own = format!("gongxin.{service}.v1.");
    assert!(names.iter().any(|name| name.starts_with(&own)), "{names:?}");
    let contracts = FileDescriptorSet::decode(FILE_DESCRIPTOR_SET).unwrap();
    let methods = methods(&contracts, &names);
    assert!(!methods.is_empty());

    let everybody = all_posts();
    for (method, takes_request_id) in &methods {
        let refused = call(channel.clone(), method, Request::new(())).await.unwrap_err();
        let seen = (refused.code(), reason(&refused));
        assert_eq!(seen, (Code::Unauthenticated, "NOT_SIGNED_IN".to_owned()), "{method}");
        if *takes_request_id {
            let request = deployment.call(&everybody, ());
            let refused = call(channel.clone(), method, request).await.unwrap_err();
            assert_eq!(reason(&refused), "REQUEST_ID_INVALID", "{method}");
        }
    }

    every_event_has_a_contract(deployment, service, &contracts).await;
    is_level(deployment, channel).await;
}

/// Names of the services that reflection tells of.
async fn reflected(channel: Channel) -> Vec<String> {
    let ask = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let mut answers = ServerReflectionClient::new(channel)
        .server_reflection_info(futures::stream::iter([ask]))
        .await
        .unwrap()
        .into_inner();
    let answer = answers.message().await.unwrap().unwrap().message_response;
    let Some(MessageResponse::ListServicesResponse(ListServiceResponse { service })) = answer
    else {
        panic!("reflection does not list services: {answer:?}")
    };
    service.into_iter().map(|service| service.name).collect()
}

/// The methods that need a caller, each with whether it is a command.
fn methods(contracts: &FileDescriptorSet, names: &[String]) -> BTreeMap<String, bool> {
    let mut methods = BTreeMap::new();
    for file in &contracts.file {
        for service in &file.service {
            let name = format!("{}.{}", file.package(), service.name());
            let is_open = OPEN.iter().any(|open| name.starts_with(open));
            if is_open || !names.contains(&name) {
                continue;
            }
            for method in &service.method {
                let path = format!("/{name}/{}", method.name());
                methods.insert(path, takes_request_id(&contracts.file, method.input_type()));
            }
        }
    }
    methods
}

fn takes_request_id(files: &[FileDescriptorProto], message: &str) -> bool {
    let found = files.iter().find_map(|file| {
        let prefix = format!(".{}.", file.package());
        let name = message.strip_prefix(&prefix)?;
        file.message_type.iter().find(|message| message.name() == name)
    });
    found.unwrap().field.iter().any(|field| field.name() == "request_id")
}

async fn call(channel: Channel, path: &str, request: Request<()>) -> Result<(), Status> {
    let mut client = Grpc::new(channel);
    client.ready().await.unwrap();
    let path = path.parse().unwrap();
    client.unary(request, path, ProstCodec::<(), ()>::default()).await.map(|_| ())
}

fn all_posts() -> Staff {
    officer("619999", Post::ALL)
}

/// Each event is a message of the service's own contract, or of those that all services share.
async fn every_event_has_a_contract(
    deployment: &Deployment,
    service: &str,
    contracts: &FileDescriptorSet,
) {
    let sql = format!("select distinct type from {service}.events");
    let types: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql))
        .fetch_all(&mut deployment.world().admin().await)
        .await
        .unwrap();
    let own = format!("gongxin.{service}.v1");
    let shared = ["gongxin.operations.v1", "gongxin.documents.v1"];
    let shared = shared.iter().flat_map(|package| events(contracts, package));
    let known: Vec<String> = events(contracts, &own).into_iter().chain(shared).collect();
    assert!(types.iter().any(|event| event.starts_with(&own)), "{service} has done nothing");
    for event in types {
        assert!(known.contains(&event), "{event}");
    }
}

/// Full names of the messages in the `events.proto` of `package`.
fn events(contracts: &FileDescriptorSet, package: &str) -> Vec<String> {
    let is_events = |file: &&FileDescriptorProto| {
        file.package() == package && file.name().ends_with("/events.proto")
    };
    let files = contracts.file.iter().filter(is_events);
    files
        .flat_map(|file| &file.message_type)
        .map(|message| format!("{package}.{}", message.name()))
        .collect()
}

/// Everything committed is in the log and has left by the bus; nothing was set aside.
async fn is_level(deployment: &Deployment, channel: Channel) {
    let client = OperationsServiceClient::new(channel);
    let administrator = officer("619998", &[Post::Administrator]);
    until((0, 0, true), async || {
        let call = deployment.call(&administrator, GetStatusRequest {});
        let status = client.clone().get_status(call).await.unwrap().into_inner();
        (status.unsequenced, status.quarantined, status.relayed == status.log_size)
    })
    .await;
}
