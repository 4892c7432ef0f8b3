//! Where a request comes from and where a sign-in may lead: nothing crosses sites.

use http::header::{HOST, ORIGIN};
use http::{HeaderMap, Uri};

/// Longest path that a sign-in leads back to; it must fit into a cookie.
const LONGEST: usize = 1024;

/// Whether a form was sent by a page of this service. Browsers say it themselves
/// (`Sec-Fetch-Site`); for those that do not, `Origin` must name `public_url` or the host called.
pub(super) fn is_own(headers: &HeaderMap, uri: &Uri, public_url: Option<&str>) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text(ORIGIN.as_str()) else { return false };
    let host = text(HOST.as_str()).or(uri.authority().map(http::uri::Authority::as_str));
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    Some(origin) == public_url || authority.is_some() && authority == host
}

/// Whether a sign-in may lead to `path`: a path of this service as browsers send it, and not
/// the sign-in itself, which would go round in circles.
pub(super) fn is_local(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && !path.starts_with("/sign-")
        && !path.contains('\\')
        && path.len() <= LONGEST
        && path.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_this_service_may_send_forms() {
        let public = Some("https://intake.test");
        let cases = [
            (vec![("sec-fetch-site", "same-origin")], true),
            (vec![("sec-fetch-site", "none")], true),
            (vec![("sec-fetch-site", "same-site")], false),
            (vec![("sec-fetch-site", "cross-site"), ("origin", "https://intake.test")], false),
            (vec![("origin", "https://intake.test")], true),
            (vec![("origin", "https://intake.test.evil.test")], false),
            (vec![("origin", "http://10.0.0.1:7101"), ("host", "10.0.0.1:7101")], true),
            (vec![("origin", "http://10.0.0.1:7102"), ("host", "10.0.0.1:7101")], false),
            (vec![("origin", "null"), ("host", "null")], false),
            (vec![("host", "intake.test")], false),
        ];
        for (headers, own) in cases {
            let map = headers.iter().map(|(name, value)| {
                (http::HeaderName::from_static(name), http::HeaderValue::from_static(value))
            });
            assert_eq!(is_own(&map.collect(), &Uri::default(), public), own, "{headers:?}");
        }
    }

    #[test]
    fn a_sign_in_leads_to_paths_of_this_service_alone() {
        for path in ["/", "/reports?page=2", "/reports/%E6%98%8E"] {
            assert!(is_local(path), "{path}");
        }
        let long = format!("/{}", "a".repeat(LONGEST));
        for path in [
            "",
            "reports",
            "//evil.test",
            "/\\evil.test",
            "\\\\evil.test",
            "https://evil.test",
            "/\t/evil.test",
            "/a b",
            "/报",
            "/sign-in?to=/",
            "/sign-out",
            &long,
        ] {
            assert!(!is_local(path), "{path}");
        }
    }
}
