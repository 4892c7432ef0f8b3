//! The service and its public side at work, their officers and readers.

use axum::body::{Body, to_bytes};
use gongxin_chassis::{Running, Settings, start};
use gongxin_disclosure::public::{self, PublicSettings};
use gongxin_disclosure::{Disclosure, MIGRATIONS, PUBLIC_ROLE, prepare_public};
use gongxin_kernel::{Post, Staff, new_uuid};
use gongxin_proto::disclosure::v1::disclosure_service_client::DisclosureServiceClient;
use gongxin_proto::disclosure::v1::{
    Holder, IssueQueryCodeRequest, IssueQueryCodeResponse, ListVisitsRequest, RevocationGround,
    RevokeAccessRequest, Visit,
};
use gongxin_testkit::{Deployment, World, eventually, log_key, officer};
use http::{Request, StatusCode, header};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use tonic::transport::Channel;
use uuid::Uuid;

use crate::sources::{Intake, NO_MIGRATIONS, Review, filed, publish, registered};

pub(crate) struct House {
    pub(crate) deployment: Deployment,
    pub(crate) api: DisclosureServiceClient<Channel>,
    pub(crate) public: public::Running,
    running: Running,
    _sources: [Running; 2],
}

/// A page as a reader gets it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) status: StatusCode,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) text: String,
}

impl House {
    pub(crate) async fn new() -> Self {
        let schemas =
            [("intake", &NO_MIGRATIONS), ("review", &NO_MIGRATIONS), ("disclosure", &MIGRATIONS)];
        let deployment = Deployment::new(&schemas).await;
        let nowhere = [("disclosure", "http://127.0.0.1:1")];
        let file = deployment.settings("intake", &nowhere, "");
        let intake = start::<Intake>(&Settings::load(Some(&file)).unwrap()).await.unwrap();
        let file = deployment.settings("review", &nowhere, "");
        let review = start::<Review>(&Settings::load(Some(&file)).unwrap()).await.unwrap();
        let (one, two) =
            (format!("http://{}", intake.address), format!("http://{}", review.address));
        let peers = [("intake", one.as_str()), ("review", two.as_str())];
        let file = deployment.settings("disclosure", &peers, "\n[service]\nvisit_days = 10\n");
        let running = start::<Disclosure>(&Settings::load(Some(&file)).unwrap()).await.unwrap();
        let url = format!("http://{}", running.address);
        let channel = Channel::from_shared(url).unwrap().connect().await.unwrap();
        prepare_public(&deployment.world().admin_pool().await, "test").await.unwrap();
        let public = public::start(public_settings(&deployment)).await.unwrap();
        let api = DisclosureServiceClient::new(channel);
        Self { deployment, api, public, running, _sources: [intake, review] }
    }

    pub(crate) fn world(&self) -> &World {
        self.deployment.world()
    }

    /// A report that intake has registered and the public side knows.
    pub(crate) async fn report(&self, serial: u32) -> Uuid {
        let report = new_uuid();
        publish(self.world(), "intake", (report, 1), registered(report, serial)).await;
        eventually("the report on the public side", async || {
            let sql = "select report from disclosure.public_matters where report = $1";
            let mut admin = self.world().admin().await;
            let found: Option<Uuid> =
                sqlx::query_scalar(sql).bind(report).fetch_optional(&mut admin).await.unwrap();
            found
        })
        .await;
        report
    }

    /// A filed case with the visit that it owes.
    pub(crate) async fn filed(&self, serial: u32) -> Visit {
        let report = self.report(serial).await;
        publish(self.world(), "intake", (report, 2), filed(report, serial)).await;
        self.visit(serial).await
    }

    /// The visit of the report with this serial number, once it is owed.
    pub(crate) async fn visit(&self, serial: u32) -> Visit {
        eventually("a visit", async || {
            let call = self.deployment.call(&petitions(), ListVisitsRequest {});
            let visits = self.api.clone().list_visits(call).await.unwrap().into_inner().visits;
            visits.into_iter().find(|visit| visit.receipt_number == number(serial))
        })
        .await
    }

    pub(crate) async fn issue(&self, serial: u32, holder: Holder) -> IssueQueryCodeResponse {
        let call = self.deployment.call(&desk(), issue(serial, holder));
        self.api.clone().issue_query_code(call).await.unwrap().into_inner()
    }

    pub(crate) async fn revoke(&self, serial: u32, code_id: &str) {
        let message = RevokeAccessRequest {
            request_id: fresh(),
            receipt_number: number(serial),
            code_id: code_id.to_owned(),
            ground: RevocationGround::OpposingParty.into(),
        };
        let call = self.deployment.call(&centre(), message);
        self.api.clone().revoke_access(call).await.unwrap();
    }

    /// What the query page answers.
    pub(crate) async fn ask(&self, number: &str, code: &str) -> Seen {
        self.post("/result", &[("number", number), ("code", code)]).await
    }

    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Seen {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(format!("http://{}{path}", self.public.address))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body));
        seen(request.unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Seen {
        let url = format!("http://{}{path}", self.public.address);
        seen(Request::get(url).body(Body::empty()).unwrap()).await
    }

    /// A page of the staff.
    pub(crate) async fn staff_page(&self, staff: &Staff, path: &str) -> (StatusCode, String) {
        let url = format!("http://{}{path}", self.running.address);
        gongxin_testkit::get(&url, Some(&self.deployment.token(staff))).await
    }

    /// What has happened here, oldest first.
    pub(crate) async fn subjects(&self) -> Vec<String> {
        sqlx::query_scalar("select subject from disclosure.events order by ordinal")
            .fetch_all(&mut self.world().admin().await)
            .await
            .unwrap()
    }

    pub(crate) async fn conforms(&self) {
        let url = format!("http://{}", self.running.address);
        gongxin_testkit::conforms(&self.deployment, "disclosure", &url).await;
    }
}

async fn seen(request: Request<Body>) -> Seen {
    let client = Client::builder(TokioExecutor::new()).build_http();
    let response = client.request(request).await.unwrap();
    let status = response.status();
    let headers = response.headers().iter().filter(|(name, _)| *name != header::DATE);
    let headers = headers
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    let body = to_bytes(Body::new(response.into_body()), usize::MAX).await.unwrap();
    Seen { status, headers, text: String::from_utf8(body.to_vec()).unwrap() }
}

/// A superuser in the world's database.
fn public_settings(deployment: &Deployment) -> PublicSettings {
    let keys = deployment.write("logs.pub", &format!("{}\n", log_key("intake").verifier()));
    let key = deployment.write("portal.log", &log_key("portal").to_secret_text());
    let text = format!(
        r#"
        database_url = "{url}"
        bureau = "619921"
        bureau_name = "明川县公安局"
        contact = "明川县公安局执法公开窗口 0999-1234567"
        log_keys_file = "{keys}"
        log_key_file = "{key}"
        manual_clock_file = "{clock}"
        demo = true
        "#,
        url = deployment.world().url(PUBLIC_ROLE),
        keys = keys.display(),
        key = key.display(),
        clock = deployment.world().clock_file().display(),
    );
    let file = deployment.write("public.toml", &text);
    PublicSettings::load(Some(&file)).unwrap()
}

pub(crate) fn number(serial: u32) -> String {
    format!("明公接报〔2026〕{serial}号")
}

pub(crate) fn fresh() -> String {
    new_uuid().to_string()
}

pub(crate) fn issue(serial: u32, holder: Holder) -> IssueQueryCodeRequest {
    let kinship_proof = if holder == Holder::Family { "户口簿" } else { "" };
    IssueQueryCodeRequest {
        request_id: fresh(),
        receipt_number: number(serial),
        holder: holder.into(),
        kinship_proof: kinship_proof.into(),
    }
}

pub(crate) fn desk() -> Staff {
    officer("619101", &[Post::ReportOfficer])
}

pub(crate) fn centre() -> Staff {
    officer("619102", &[Post::CentreOfficer])
}

/// Somebody of another unit than the one that handles every case here.
pub(crate) fn petitions() -> Staff {
    let mut staff = officer("619103", &[Post::PetitionOfficer]);
    staff.unit = "619921020000".parse().unwrap();
    staff.unit_name = "信访室".into();
    staff
}
