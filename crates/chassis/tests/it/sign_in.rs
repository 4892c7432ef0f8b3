//! Officers sign in to pages, and everything that must not open them.

use std::time::Duration;

use gongxin_issuer::{Grant, Key};
use gongxin_kernel::Post;
use http::StatusCode;
use sha2::{Digest as _, Sha256};

use crate::browser::{Answer, Browser, query};
use crate::world::{Office, bare, officer};

const SESSION: &str = "gx_bare_session";
const STARTED: &str = "gx_bare_sign_in";

/// Starts at a page, picks an officer at the issuer, and stops at what the issuer leads back to.
pub(crate) async fn pick(browser: &mut Browser, page: &str, number: &str) -> String {
    let picker = browser.follow(page).await;
    choose(browser, &picker, number).await
}

/// Picks an officer on the issuer's page.
async fn choose(browser: &mut Browser, picker: &Answer, number: &str) -> String {
    assert_eq!(picker.status, StatusCode::OK, "{}", picker.body);
    let (authorize, _) = picker.url.split_once('?').unwrap();
    let asked = query(&picker.url);
    let mut form: Vec<_> = asked.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    form.push(("police_number", number));
    browser.post(authorize, &form).await.leads_to().unwrap()
}

async fn sign_in(browser: &mut Browser, office: &Office, path: &str) -> Answer {
    let back = pick(browser, &office.page(path), "619001").await;
    browser.follow(&back).await
}

async fn desk(browser: &mut Browser, office: &Office) -> Answer {
    browser.get(&format!("{}/desk", office.url)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_signs_in_and_sees_the_page_that_was_asked_for() {
    let office = Office::open().await;
    let mut browser = Browser::new();

    let page = sign_in(&mut browser, &office, "/desk?from=%E6%98%8E&n=1").await;

    assert_eq!(page.url, format!("{}/desk?from=%E6%98%8E&n=1", office.url));
    assert_eq!(page.status, StatusCode::OK);
    for text in ["明川县公安局", "空服务", "办公桌", "测试", "619001", "法制大队", "DEMO ONLY"]
    {
        assert!(page.body.contains(text), "{text}");
    }
    assert!(page.header("content-security-policy").contains("default-src 'self'"));
    assert!(page.header("content-security-policy").contains("frame-ancestors 'none'"));
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert_eq!(page.header("referrer-policy"), "same-origin");

    // What began the sign-in is gone, and the table alone opens nothing.
    assert_eq!(browser.cookies.keys().collect::<Vec<_>>(), [SESSION]);
    let rows: Vec<(Vec<u8>, String)> =
        sqlx::query_as("select id_hash, claims from bare.staff_sessions")
            .fetch_all(&mut office.files.world().admin().await)
            .await
            .unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].0, Sha256::digest(&browser.cookies[SESSION]).to_vec());
    assert!(!rows[0].1.contains("eyJ"), "no token is kept: {}", rows[0].1);

    // The page finds its style sheet, and powers are those of the posts.
    let sheet = format!("{}{}", office.url, gongxin_pages::stylesheet_path());
    assert_eq!(Browser::new().get(&sheet).await.body, gongxin_pages::STYLESHEET);
    assert_eq!(browser.get(&format!("{}/cases", office.url)).await.body, "none");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cookies_are_kept_from_scripts_and_other_sites() {
    let office = Office::open().await;
    let mut browser = Browser::new();
    let back = pick(&mut browser, &office.page("/desk"), "619001").await;

    let answer = browser.get(&back).await;

    let set: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
    let line = set.iter().find(|line| line.to_str().unwrap().starts_with(SESSION)).unwrap();
    let attributes: Vec<_> = line.to_str().unwrap().split("; ").skip(1).collect();
    assert!(attributes.contains(&"HttpOnly") && attributes.contains(&"SameSite=Lax"), "{line:?}");
    assert!(attributes.contains(&"Path=/"), "{line:?}");
    let age = attributes.iter().find_map(|part| part.strip_prefix("Max-Age=")).unwrap();
    assert!((28_700..=28_800).contains(&age.parse().unwrap()), "a shift: {age}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_was_not_begun_here_is_refused() {
    let office = Office::open().await;
    let (mut browser, mut other) = (Browser::new(), Browser::new());
    let back = pick(&mut browser, &office.page("/desk"), "619001").await;
    let others = pick(&mut other, &office.page("/desk"), "619002").await;
    let state = |url: &str| query(url).into_iter().find(|(k, _)| k == "state").unwrap().1;
    let foreign_code = others.replace(&state(&others), &state(&back));
    let foreign_issuer = back.replace("iss=http", "iss=https");
    let no_code = format!("{}/sign-in/callback?state={}", office.url, state(&back));

    for (url, why) in [
        (others.as_str(), "another browser's state"),
        (&back.replace("state=", "state=x"), "another state"),
        (&foreign_code, "another browser's code: the verifier does not fit"),
        (&foreign_issuer, "another issuer"),
        (&no_code, "no code"),
        (&format!("{no_code}&error=access_denied"), "the issuer refused"),
    ] {
        let refused = browser.get(url).await;
        assert!(refused.is_about(StatusCode::UNAUTHORIZED, "SIGN_IN_FAILED"), "{why}: {refused:?}");
        assert!(!browser.cookies.contains_key(SESSION), "{why}");
    }
    let stranger = Browser::new().get(&back).await;
    assert!(stranger.is_about(StatusCode::UNAUTHORIZED, "SIGN_IN_FAILED"), "no cookie");

    // None of this broke the sign-in that was begun.
    assert_eq!(browser.follow(&back).await.status, StatusCode::OK);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_was_used_opens_no_second_session() {
    let office = Office::open().await;
    let mut browser = Browser::new();
    let back = pick(&mut browser, &office.page("/desk"), "619001").await;
    let mut thief = browser.clone(); // even with the cookie of the sign-in
    assert_eq!(browser.follow(&back).await.status, StatusCode::OK);

    let replayed = thief.get(&back).await;

    assert!(thief.cookies.contains_key(STARTED));
    assert!(replayed.is_about(StatusCode::UNAUTHORIZED, "SIGN_IN_FAILED"), "{replayed:?}");
    assert!(!thief.cookies.contains_key(SESSION));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_leads_to_no_other_site() {
    let office = Office::open().await;
    let targets =
        ["https://evil.test/", "//evil.test/", "/\\evil.test/", "evil", "/sign-in?to=/", "/\n/x"];
    for to in targets {
        let to: String = form_urlencoded::byte_serialize(to.as_bytes()).collect();
        let refused = Browser::new().get(&format!("{}/sign-in?to={to}", office.url)).await;
        assert!(refused.is_about(StatusCode::BAD_REQUEST, "SIGN_IN_TARGET"), "{to}: {refused:?}");
        assert_eq!(refused.leads_to(), None, "{to}");
    }

    // Nor when the cookie is changed on the way.
    let mut browser = Browser::new();
    let back = pick(&mut browser, &office.page("/desk"), "619001").await;
    let (secret, _) = browser.cookies[STARTED].split_once('.').unwrap();
    let forged = format!("{secret}.Ly9ldmlsLnRlc3Q"); // "//evil.test"
    browser.cookies.insert(STARTED.into(), forged);
    let refused = browser.get(&back).await;
    assert!(refused.is_about(StatusCode::UNAUTHORIZED, "SIGN_IN_FAILED"), "{refused:?}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_session_opens_nothing() {
    let office = Office::open().await;
    let mut browser = Browser::new();
    sign_in(&mut browser, &office, "/desk").await;
    let hash: String = sqlx::query_scalar("select encode(id_hash, 'hex') from bare.staff_sessions")
        .fetch_one(&mut office.files.world().admin().await)
        .await
        .unwrap();

    for forged in ["", "x", &"0".repeat(64), &hash] {
        browser.cookies.insert(SESSION.into(), forged.into());
        let answer = desk(&mut browser, &office).await;
        let sign_in = format!("{}/sign-in?to=%2Fdesk", office.url);
        assert_eq!(answer.leads_to(), Some(sign_in), "{forged}");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_signed_out_is_out_even_with_the_old_cookie() {
    let office = Office::open().await;
    let mut browser = Browser::new();
    let page = sign_in(&mut browser, &office, "/desk").await;
    assert!(page.body.contains(r#"action="/sign-out" method="post""#));
    let before = browser.clone();

    let answer = browser.post(&format!("{}/sign-out", office.url), &vec![]).await;

    assert_eq!(answer.leads_to(), Some(format!("{}/signed-out", office.url)));
    let good_bye = browser.follow(&answer.leads_to().unwrap()).await;
    assert!(good_bye.body.contains("您已退出"));
    for mut browser in [browser, before] {
        assert_eq!(desk(&mut browser, &office).await.status, StatusCode::SEE_OTHER);
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_outlives_the_service_and_needs_no_issuer() {
    let mut office = Office::open().await;
    let mut browser = Browser::new();
    sign_in(&mut browser, &office, "/desk").await;

    office.house.close().await;
    office.restart().await;

    assert_eq!(desk(&mut browser, &office).await.status, StatusCode::OK);
    let late = Browser::new().follow(&format!("{}/desk", office.url)).await;
    assert!(late.is_about(StatusCode::SERVICE_UNAVAILABLE, "ISSUER_UNAVAILABLE"), "{late:?}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_over_is_over() {
    let office = Office::open().await;
    let mut browser = Browser::new();
    sign_in(&mut browser, &office, "/desk").await;

    sqlx::raw_sql("update bare.staff_sessions set expires_at = '-infinity'")
        .execute(&mut office.files.world().admin().await)
        .await
        .unwrap();

    assert_eq!(desk(&mut browser, &office).await.status, StatusCode::SEE_OTHER);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_from_another_site_changes_nothing() {
    let office = Office::open().await;
    let mut browser = Browser::new();
    sign_in(&mut browser, &office, "/desk").await;
    let form = vec![("a", "1"), ("b", "2")];
    let (url, out) = (format!("{}/desk", office.url), format!("{}/sign-out", office.url));

    let foreign: [&[(&str, &str)]; 5] = [
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")], // another service on this host
        &[("origin", "https://evil.test")],
        &[("origin", "null")],
        &[],
    ];
    for headers in foreign {
        for url in [&url, &out] {
            let refused = browser.post_with(url, &form, headers).await;
            assert!(refused.is_about(StatusCode::FORBIDDEN, "CROSS_SITE"), "{url} {headers:?}");
        }
    }
    for headers in [("sec-fetch-site", "same-origin"), ("origin", office.url.as_str())] {
        let taken = browser.post_with(&url, &form, &[headers]).await;
        assert_eq!(taken.leads_to(), Some(format!("{url}?things=2")), "{headers:?}");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_somebody_who_has_not_signed_in_is_answered_with_a_page() {
    let office = Office::open().await;
    let refused = Browser::new().post(&format!("{}/desk", office.url), &vec![]).await;
    assert!(refused.is_about(StatusCode::UNAUTHORIZED, "NOT_SIGNED_IN"), "{refused:?}");
    assert!(refused.body.contains("/sign-in?to="));
    assert_eq!(refused.header("cache-control"), "no-store");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_becomes_a_page_with_its_status_and_the_officer_on_top() {
    let office = Office::open().await;
    let mut browser = Browser::new();
    let back = pick(&mut browser, &office.page("/cases"), "619002").await;

    let refused = browser.follow(&back).await;

    assert!(refused.is_about(StatusCode::FORBIDDEN, "POWER_MISSING"), "{refused:?}");
    assert!(refused.body.contains("619002"));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_of_another_bureau_gets_no_session() {
    let office = Office::open().await;
    let mut browser = Browser::new();
    let back = pick(&mut browser, &office.page("/desk"), "629001").await;

    let refused = browser.get(&back).await;

    assert!(refused.is_about(StatusCode::FORBIDDEN, "WRONG_BUREAU"), "{refused:?}");
    assert!(!browser.cookies.contains_key(SESSION));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_uses_pages_with_a_token() {
    let office = Office::open().await;
    let url = format!("{}/desk", office.url);
    let token = format!("Bearer {}", office.token(&office.key, &[Post::CaseOfficer]));
    let mut program = Browser::new();

    let answer = program.post_with(&url, &vec![("a", "1")], &[("authorization", &token)]).await;
    assert_eq!(answer.leads_to(), Some(format!("{url}?things=1")));
    let bad = program.post_with(&url, &vec![], &[("authorization", "Bearer x")]).await;
    assert!(bad.is_about(StatusCode::UNAUTHORIZED, "TOKEN_INVALID"), "{bad:?}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_client_id_there_is_no_way_in_for_browsers() {
    let (_files, running, _channel) = bare().await;
    let url = format!("http://{}", running.address);

    let desk = Browser::new().get(&format!("{url}/desk")).await;
    assert!(desk.is_about(StatusCode::UNAUTHORIZED, "NOT_SIGNED_IN"), "{desk:?}");
    let way_in = Browser::new().get(&format!("{url}/sign-in")).await;
    assert!(way_in.is_about(StatusCode::NOT_FOUND, "PAGE_NOT_FOUND"), "{way_in:?}");
    running.stop().await;
}

type Forge<'f> = &'f dyn Fn(&Key, Grant<'_>) -> String;

/// Signs in while the issuer gives out what `forge` makes of the right grant.
async fn with_forged(
    office: &Office,
    forge: impl for<'g> Fn(&Key, Grant<'g>) -> String,
) -> (Answer, Browser) {
    let mut browser = Browser::new();
    let picker = browser.follow(&office.page("/desk")).await;
    let back = choose(&mut browser, &picker, "619001").await;
    let asked = query(&picker.url);
    let nonce = asked.iter().find(|(name, _)| name == "nonce").map(|(_, value)| value.as_str());
    let grant = Grant { nonce, ..Grant::now(&office.house.url, "bare") };
    *office.house.forged.lock().unwrap() = Some(forge(&office.key, grant));
    (browser.get(&back).await, browser)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_token_that_is_not_of_this_sign_in_opens_nothing() {
    let office = Office::open().await;
    let staff = officer("619001", "619921", &[Post::CaseOfficer]);
    let signed = |key: &Key, grant: Grant<'_>| key.token(&staff, &grant);

    let (right, browser) = with_forged(&office, signed).await;
    assert_eq!(right.leads_to(), Some(office.page("/desk")));
    assert!(browser.cookies.contains_key(SESSION));

    let wrong: [(&str, Forge<'_>); 6] = [
        ("another nonce", &|key, grant| signed(key, Grant { nonce: Some("other"), ..grant })),
        ("no nonce", &|key, grant| signed(key, Grant { nonce: None, ..grant })),
        ("an access token", &|key, grant| signed(key, Grant { audience: "gongxin", ..grant })),
        ("another issuer", &|key, grant| signed(key, Grant { issuer: "http://x.test", ..grant })),
        ("another key", &|_, grant| signed(&Key::generate(), grant)),
        ("long expired", &|key, grant| signed(key, Grant { issued_at: 1_700_000_000, ..grant })),
    ];
    for (what, forge) in wrong {
        let (refused, browser) = with_forged(&office, forge).await;
        assert!(refused.is_about(StatusCode::UNAUTHORIZED, "TOKEN_INVALID"), "{what}: {refused:?}");
        assert!(!browser.cookies.contains_key(SESSION), "{what}");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_lasts_no_longer_than_its_token_and_no_longer_than_a_shift() {
    let office = Office::open().await;
    let staff = officer("619001", "619921", &[Post::CaseOfficer]);
    for (hours, longest) in [(1, 3600), (24, 8 * 3600)] {
        let lifetime = Duration::from_hours(hours);
        let forge = |key: &Key, grant: Grant<'_>| key.token(&staff, &Grant { lifetime, ..grant });
        with_forged(&office, forge).await;

        let left: f64 = sqlx::query_scalar(
            "select max(extract(epoch from expires_at - clock_timestamp()))::float8
               from bare.staff_sessions",
        )
        .fetch_one(&mut office.files.world().admin().await)
        .await
        .unwrap();
        assert!(left <= f64::from(longest) && left > f64::from(longest) - 60.0, "{hours}: {left}");
    }
    office.close().await;
}
